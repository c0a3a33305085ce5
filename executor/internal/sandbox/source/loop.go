package source

import "github.com/yuin/gopher-lua/ast"

// padLoop is the body of a loop that does not begin with a jump. gopher-lua shortens jumps to jumps, and when the second comes earlier in the
// code it is misread: a loop that begins with if false goes to anywhere. There, setting a hidden variable comes first.
func padLoop(loop ast.Stmt, body []ast.Stmt) []ast.Stmt {
	if !startsWithJump(body) {
		return body
	}
	var place ast.PositionHolder = loop
	if len(body) > 0 {
		place = body[0]
	}
	return append([]ast.Stmt{padding(place)}, body...)
}

// padding is a statement that is no jump and changes nothing.
func padding(place ast.PositionHolder) ast.Stmt {
	variable := at(place, &ast.LocalAssignStmt{Names: []string{"(first)"}, Exprs: []ast.Expr{at(place, &ast.NilExpr{})}})
	return at(place, &ast.DoBlockStmt{Stmts: []ast.Stmt{variable}})
}

// startsWithJump reports whether the code of statements may begin with a jump. They are prepared: no other condition begins with a constant.
func startsWithJump(body []ast.Stmt) bool {
	if len(body) == 0 {
		return true
	}
	switch s := body[0].(type) {
	case *ast.BreakStmt, *ast.LabelStmt, *ast.GotoStmt:
		return true
	case *ast.IfStmt:
		return constant(s.Condition)
	case *ast.WhileStmt:
		return constant(s.Condition)
	case *ast.DoBlockStmt:
		return startsWithJump(s.Stmts)
	}
	return false
}
