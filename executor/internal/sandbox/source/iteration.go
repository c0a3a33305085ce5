package source

import "github.com/yuin/gopher-lua/ast"

// complete gives a generic for all three of the values it works with: function, state and control. gopher-lua's compiler leaves those that
// the text does not have as whatever was in their registers before, so that "for k, v in next, t" begins anywhere.
func complete(s *ast.GenericForStmt) {
	last := s.Exprs[len(s.Exprs)-1]
	if !manyValued(last) {
		for len(s.Exprs) < 3 {
			s.Exprs = append(s.Exprs, at(s.Line(), &ast.NilExpr{}))
		}
		return
	}
	if n := len(s.Exprs); (n == 2 || n == 3) && n > len(s.Names) {
		s.Exprs = []ast.Expr{at(s.Line(), &ast.FuncCallExpr{Func: passing(s.Line()), Args: s.Exprs})} // a single call is given all three
	}
}

// manyValued reports whether an expression gives as many values as there are.
func manyValued(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.FuncCallExpr:
		return !e.AdjustRet
	case *ast.Comma3Expr:
		return !e.AdjustRet
	}
	return false
}

// passing is function(...) return ... end.
func passing(line int) ast.Expr {
	answer := &ast.ReturnStmt{Exprs: []ast.Expr{at(line, &ast.Comma3Expr{})}}
	answer.SetLine(line)
	f := at(line, &ast.FunctionExpr{ParList: &ast.ParList{HasVargs: true}, Stmts: []ast.Stmt{answer}})
	f.SetLastLine(line)
	return f
}

func at[E ast.Expr](line int, e E) E {
	e.SetLine(line)
	return e
}
