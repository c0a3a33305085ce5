package source

import "github.com/yuin/gopher-lua/ast"

// landing is the body of a loop that does not begin with a jump. gopher-lua shortens jumps to jumps, and when the second comes earlier in the
// code it is misread: a loop that begins with if false goes to anywhere. There, setting a hidden variable comes first.
func landing(body []ast.Stmt) []ast.Stmt {
	if !jumps(body) {
		return body
	}
	first := &ast.LocalAssignStmt{Names: []string{"(first)"}, Exprs: []ast.Expr{at(body[0], &ast.NilExpr{})}}
	return append([]ast.Stmt{at(body[0], first)}, body...)
}

// jumps reports whether the code of statements may begin with a jump.
func jumps(body []ast.Stmt) bool {
	if len(body) == 0 {
		return false
	}
	switch s := body[0].(type) {
	case *ast.BreakStmt, *ast.LabelStmt:
		return true
	case *ast.IfStmt:
		return decided(s.Condition)
	case *ast.WhileStmt:
		return decided(s.Condition)
	case *ast.DoBlockStmt:
		return len(s.Stmts) == 0 || jumps(s.Stmts)
	case *ast.LocalAssignStmt:
		return len(s.Exprs) > 0 && decided(s.Exprs[0])
	case *ast.AssignStmt:
		for _, target := range s.Lhs {
			if field, ok := target.(*ast.AttrGetExpr); ok {
				return decided(field.Object)
			}
		}
		return decided(s.Rhs[0])
	case *ast.ReturnStmt:
		return len(s.Exprs) > 0 && decided(s.Exprs[0])
	case *ast.FuncCallStmt:
		return decided(s.Expr)
	}
	return false
}

// decided reports whether what an expression evaluates first is a constant, which as a condition is a jump or nothing.
func decided(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.LogicalOpExpr:
		return decided(e.Lhs)
	case *ast.UnaryNotOpExpr:
		return decided(e.Expr)
	case *ast.UnaryLenOpExpr:
		return decided(e.Expr)
	case *ast.UnaryMinusOpExpr:
		return decided(e.Expr)
	case *ast.RelationalOpExpr:
		return decided(e.Lhs)
	case *ast.ArithmeticOpExpr:
		return decided(e.Lhs)
	case *ast.StringConcatOpExpr:
		return decided(e.Lhs)
	case *ast.AttrGetExpr:
		return decided(e.Object)
	case *ast.FuncCallExpr:
		if e.Func == nil {
			return decided(e.Receiver)
		}
		return decided(e.Func)
	}
	return constant(e)
}
