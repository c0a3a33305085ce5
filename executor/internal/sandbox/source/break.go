package source

import (
	"fmt"

	"github.com/yuin/gopher-lua/ast"
)

// leaving is a loop whose breaks close the variables that closures share. gopher-lua closes those of the loop's own block alone, and only when a
// closure shares one of them: after a break out of an inner block, a closure would go on with registers that are others' by then. Such a break
// becomes a goto to behind the loop, of which [correct] knows what it closes.
func (m *preparer) leaving(s ast.Stmt) ast.Stmt {
	body := bodyOf(s)
	if !tears(body) {
		return s
	}
	m.breaks++
	label := fmt.Sprintf("(break %d)", m.breaks)
	for _, block := range innerBlocks(body) {
		goBehind(block, label)
	}
	return at(s, &ast.DoBlockStmt{Stmts: []ast.Stmt{s, at(s, &ast.LabelStmt{Name: label})}})
}

func bodyOf(loop ast.Stmt) []ast.Stmt {
	switch s := loop.(type) {
	case *ast.WhileStmt:
		return s.Stmts
	case *ast.RepeatStmt:
		return s.Stmts
	case *ast.NumberForStmt:
		return s.Stmts
	case *ast.GenericForStmt:
		return s.Stmts
	}
	return nil
}

// tears reports whether a block inside a loop's has variables, and a break of the loop.
func tears(body []ast.Stmt) bool {
	for _, block := range innerBlocks(body) {
		if _, torn := look(block); torn {
			return true
		}
	}
	return false
}

// look looks for breaks in a block inside a loop's, and for variables that one of them leaves.
func look(block []ast.Stmt) (breaks, torn bool) {
	variables := false
	for _, s := range block {
		switch s.(type) {
		case *ast.BreakStmt:
			breaks = true
		case *ast.LocalAssignStmt:
			variables = true
		}
	}
	for _, inner := range innerBlocks(block) {
		b, t := look(inner)
		breaks, torn = breaks || b, torn || t
	}
	return breaks, torn || variables && breaks
}

// goBehind makes the breaks of a loop jumps to a label.
func goBehind(body []ast.Stmt, label string) {
	for i, s := range body {
		if _, ok := s.(*ast.BreakStmt); ok {
			body[i] = at(s, &ast.GotoStmt{Label: label})
		}
	}
	for _, block := range innerBlocks(body) {
		goBehind(block, label)
	}
}

// innerBlocks are the blocks right inside a block, but for those of loops: a break in there is another loop's.
func innerBlocks(body []ast.Stmt) (blocks [][]ast.Stmt) {
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
