package source

import "github.com/yuin/gopher-lua/ast"

// complete gives a generic for all three of the values it works with: function, state and control. gopher-lua's compiler leaves those that
// the text does not have as whatever was in their registers before, so that "for k, v in next, t" begins anywhere.
func complete(s *ast.GenericForStmt) {
	last := s.Exprs[len(s.Exprs)-1]
	if !several(last) {
		for len(s.Exprs) < 3 {
			s.Exprs = append(s.Exprs, at(s, &ast.NilExpr{}))
		}
		return
	}
	if n := len(s.Exprs); (n == 2 || n == 3) && n > len(s.Names) {
		s.Exprs = []ast.Expr{at(s, &ast.FuncCallExpr{Func: passing(s), Args: s.Exprs})} // a single call is given all three
	}
}

// passing is function(...) return ... end.
func passing(place ast.PositionHolder) ast.Expr {
	answer := at(place, &ast.ReturnStmt{Exprs: []ast.Expr{at(place, &ast.Comma3Expr{})}})
	return at(place, &ast.FunctionExpr{ParList: &ast.ParList{HasVargs: true}, Stmts: []ast.Stmt{answer}})
}
