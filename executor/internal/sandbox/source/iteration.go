package source

import "github.com/yuin/gopher-lua/ast"

// forVariables are the variables that a generic for works with.
var forVariables = []string{"(function)", "(state)", "(control)"}

// rightAsIs reports whether gopher-lua gets right what a generic for works with: a single call of a variable, or what [evaluateFirst] has left.
func rightAsIs(s *ast.GenericForStmt) bool {
	if first, ok := s.Exprs[0].(*ast.IdentExpr); ok && first.Value == forVariables[0] {
		return true
	}
	if len(s.Exprs) != 1 {
		return false
	}
	call, ok := s.Exprs[0].(*ast.FuncCallExpr)
	if !ok || call.AdjustRet {
		return false
	}
	_, ok = call.Func.(*ast.IdentExpr)
	return ok
}

// evaluateFirst evaluates what a generic for works with before the loop begins. gopher-lua evaluates it three registers further on than it thinks, and
// leaves what the text does not have of function, state and control as it was: "for k, v in next, t" begins anywhere.
func evaluateFirst(s *ast.GenericForStmt) *ast.DoBlockStmt {
	local := at(s, &ast.LocalAssignStmt{Names: forVariables, Exprs: s.Exprs})
	s.Exprs = nil
	for _, name := range forVariables {
		s.Exprs = append(s.Exprs, at(s, &ast.IdentExpr{Value: name}))
	}
	return at(s, &ast.DoBlockStmt{Stmts: []ast.Stmt{local, s}})
}
