package source

import "github.com/yuin/gopher-lua/ast"

// foldLogic is what "and" or "or" comes to when its left side is a constant. gopher-lua makes jumps to jumps of such: after "while nil and y or x" it
// goes to anywhere.
func foldLogic(e *ast.LogicalOpExpr) ast.Expr {
	if !constant(e.Lhs) {
		return e
	}
	if truth(e.Lhs) == (e.Operator == "or") {
		return e.Lhs
	}
	return oneValue(e.Rhs)
}

// foldNot is what "not" comes to when it is of a constant.
func foldNot(e *ast.UnaryNotOpExpr) ast.Expr {
	switch {
	case !constant(e.Expr):
		return e
	case truth(e.Expr):
		return at(e, &ast.FalseExpr{})
	}
	return at(e, &ast.TrueExpr{})
}

// truth is what a constant is as a condition.
func truth(e ast.Expr) bool {
	switch e.(type) {
	case *ast.NilExpr, *ast.FalseExpr:
		return false
	}
	return true
}

// oneValue is an expression that gives one value, as in parentheses.
func oneValue(e ast.Expr) ast.Expr {
	switch e := e.(type) {
	case *ast.FuncCallExpr:
		e.AdjustRet = true
	case *ast.Comma3Expr:
		e.AdjustRet = true
	}
	return e
}
