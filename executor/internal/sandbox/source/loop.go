package source

import "github.com/yuin/gopher-lua/ast"

// landing is the body of a loop that does not begin with a jump. gopher-lua shortens jumps to jumps, and when the second comes earlier in the
// code it is misread: a loop that begins with if false goes to anywhere. There, setting a hidden variable comes first.
func landing(loop ast.Stmt, body []ast.Stmt) []ast.Stmt {
	if !startsWithJump(body) {
		return body
	}
	var place ast.PositionHolder = loop
	if len(body) > 0 {
		place = body[0]
	}
	return append([]ast.Stmt{nothing(place)}, body...)
}

// nothing is a statement that is no jump and changes nothing.
func nothing(place ast.PositionHolder) ast.Stmt {
	return at(place, &ast.LocalAssignStmt{Names: []string{"(first)"}, Exprs: []ast.Expr{at(place, &ast.NilExpr{})}})
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

// closing is the body of a loop whose breaks close the variables that closures share. gopher-lua closes those of the loop's own block alone, and
// only when a closure shares one of them: after a break out of an inner block, a closure would go on with registers that are others' by then.
// There, a function that is never made shares a hidden variable of the loop's block.
func closing(body []ast.Stmt, functions bool) []ast.Stmt {
	if !functions || !tears(body) {
		return body
	}
	shared := "(shared)"
	get := func() ast.Expr { return at(body[0], &ast.IdentExpr{Value: shared}) }
	answer := at(body[0], &ast.ReturnStmt{Exprs: []ast.Expr{get()}})
	f := at(body[0], &ast.FunctionExpr{ParList: &ast.ParList{}, Stmts: []ast.Stmt{answer}})
	variable := at(body[0], &ast.LocalAssignStmt{Names: []string{shared}, Exprs: []ast.Expr{at(body[0], &ast.NilExpr{})}})
	never := at(body[0], &ast.IfStmt{
		Condition: at(body[0], &ast.FalseExpr{}), Then: []ast.Stmt{at(body[0], &ast.AssignStmt{Lhs: []ast.Expr{get()}, Rhs: []ast.Expr{f}})},
	})
	return append([]ast.Stmt{variable, never}, body...)
}

// tears reports whether a block inside a loop's has variables, and a break of the loop.
func tears(body []ast.Stmt) bool {
	for _, inner := range inside(body) {
		if declares(inner) && leaves(inner) || tears(inner) {
			return true
		}
	}
	return false
}

func leaves(body []ast.Stmt) bool {
	for _, s := range body {
		if _, ok := s.(*ast.BreakStmt); ok {
			return true
		}
	}
	for _, inner := range inside(body) {
		if leaves(inner) {
			return true
		}
	}
	return false
}

func declares(body []ast.Stmt) bool {
	for _, s := range body {
		if _, ok := s.(*ast.LocalAssignStmt); ok {
			return true
		}
	}
	return false
}

// inside are the blocks right inside a block, but for those of loops: a break in there is another loop's.
func inside(body []ast.Stmt) (blocks [][]ast.Stmt) {
	for _, s := range body {
		switch s := s.(type) {
		case *ast.DoBlockStmt:
			blocks = append(blocks, s.Stmts)
		case *ast.IfStmt:
			blocks = append(blocks, s.Then, s.Else)
		}
	}
	return blocks
}
