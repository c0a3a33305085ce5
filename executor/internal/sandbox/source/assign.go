package source

import (
	"strconv"

	"github.com/yuin/gopher-lua/ast"
)

// maxTargets is how many variables one assignment may have, as in Lua 5.1.
const maxTargets = 200

// single reports whether gopher-lua does an assignment right.
func single(s *scope, a *ast.AssignStmt) bool {
	return len(a.Lhs) == 1 && len(a.Rhs) == 1 && direct(s, a.Lhs[0], a.Rhs[0])
}

// direct reports whether a value can be made right where it is stored. With c = f() and 5, gopher-lua leaves a local c as it was when f()
// is false.
func direct(s *scope, target, value ast.Expr) bool {
	name, ok := target.(*ast.IdentExpr)
	if _, logical := value.(*ast.LogicalOpExpr); !ok || !logical {
		return true
	}
	return !s.near(name.Value)
}

// separate makes an assignment of several variables or values a block of assignments to one each. gopher-lua stores values before it has read them all:
// after a, b = b, a both would be what b was. As in Lua 5.1, tables and keys on the left are evaluated first, then the right side, and then
// all is stored, the last target first. What must be remembered meanwhile is in variables whose names no script can write; constants, local
// variables that the assignment leaves alone, and the last value need not be.
func separate(s *scope, a *ast.AssignStmt) *ast.DoBlockStmt {
	h := &hidden{}
	targets := make([]ast.Expr, len(a.Lhs))
	for i, target := range a.Lhs {
		targets[i] = target
		if field, ok := target.(*ast.AttrGetExpr); ok {
			targets[i] = at(field, &ast.AttrGetExpr{Object: h.operand(s, field.Object, a.Lhs[i+1:]), Key: h.operand(s, field.Key, a.Lhs[i+1:])})
		}
	}
	values := h.values(s, a)
	var block []ast.Stmt
	if len(h.exprs) > 0 {
		block = append(block, at(a, &ast.LocalAssignStmt{Names: h.names, Exprs: h.exprs}))
	}
	for i := len(targets) - 1; i >= 0; i-- {
		block = append(block, at(a, &ast.AssignStmt{Lhs: targets[i : i+1 : i+1], Rhs: values[i : i+1 : i+1]}))
	}
	return at(a, &ast.DoBlockStmt{Stmts: block})
}

// hidden are the variables that are made for one assignment, and what they are set to.
type hidden struct {
	names []string
	exprs []ast.Expr
}

// variable is a new one.
func (h *hidden) variable(place ast.PositionHolder) ast.Expr {
	name := "(" + strconv.Itoa(len(h.names)+1) + ")"
	h.names = append(h.names, name)
	return at(place, &ast.IdentExpr{Value: name})
}

// keep remembers a value.
func (h *hidden) keep(e ast.Expr) ast.Expr {
	if constant(e) {
		return e
	}
	v := h.variable(e)
	h.exprs = append(h.exprs, e)
	return v
}

// operand is the table or key of a target. Lua 5.1 reads a local variable when it stores, unless a target that is stored before changes it.
func (h *hidden) operand(s *scope, e ast.Expr, later []ast.Expr) ast.Expr {
	name, ok := e.(*ast.IdentExpr)
	if !ok || !s.near(name.Value) {
		return h.keep(e)
	}
	for _, target := range later {
		if t, ok := target.(*ast.IdentExpr); ok && t.Value == name.Value {
			return h.keep(e)
		}
	}
	return e
}

// values are what is stored into each target.
func (h *hidden) values(s *scope, a *ast.AssignStmt) []ast.Expr {
	values := make([]ast.Expr, 0, len(a.Lhs))
	targets, given := len(a.Lhs), len(a.Rhs)
	last := a.Rhs[given-1]
	for i, target := range a.Lhs {
		switch {
		case given < targets && i >= given-1 && several(last):
			values = append(values, h.variable(last))
		case i >= given:
			values = append(values, at(target, &ast.NilExpr{}))
		case given == targets && i == given-1 && direct(s, target, last):
			values = append(values, last) // it is stored before anything else
		default:
			values = append(values, h.keep(a.Rhs[i]))
		}
	}
	switch {
	case given > targets:
		h.exprs = append(h.exprs, a.Rhs[targets:]...)
	case given < targets && several(last):
		h.exprs = append(h.exprs, last)
	}
	return values
}

// open takes the parentheses off a value that is one anyway. With them, gopher-lua makes a call or what ... stands for right where the variable
// is, over what is there and is still needed.
func open(values []ast.Expr) {
	if len(values) != 1 {
		return
	}
	switch e := values[0].(type) {
	case *ast.FuncCallExpr:
		e.AdjustRet = false
	case *ast.Comma3Expr:
		e.AdjustRet = false
	}
}

// several reports whether an expression gives as many values as are wanted.
func several(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.FuncCallExpr:
		return !e.AdjustRet
	case *ast.Comma3Expr:
		return !e.AdjustRet
	}
	return false
}

func constant(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.NumberExpr, *ast.StringExpr, *ast.NilExpr, *ast.TrueExpr, *ast.FalseExpr:
		return true
	case *ast.UnaryMinusOpExpr:
		_, ok := e.Expr.(*ast.NumberExpr)
		return ok
	}
	return false
}

// at gives a node the place of another.
func at[N ast.PositionHolder](place ast.PositionHolder, n N) N {
	n.SetLine(place.Line())
	n.SetLastLine(place.LastLine())
	return n
}
