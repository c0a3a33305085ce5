package source

import (
	"fmt"

	"github.com/yuin/gopher-lua/ast"
)

// Caps on what gopher-lua's compiler is given.
const (
	maxDepth      = 1000       // of the syntax tree
	maxWork       = 30_000_000 // steps of its searches, some 100 ms
	maxList       = 25_000     // positional items of one table constructor; from 25,551 on it puts them in the wrong place
	maxUpvalues   = 200        // its count has eight bits
	maxCode       = 60_000     // instructions of one function; jumps reach 131,071 and are not all checked
	functionBytes = 20 << 10   // it allocates for each function
)

// cost is what compiling a tree takes. Constants are searched one by one, so are labels, variables and blocks: that is what work counts.
type cost struct {
	work      int64
	functions int
}

// measure walks over a tree as the compiler will, and refuses what is too much for it. Lines are laid ones.
func measure(chunk []ast.Stmt, maxFunctions int) (cost, *Error) {
	m := &measurer{maxFunctions: maxFunctions}
	m.function(chunk)
	return m.cost, m.err
}

type measurer struct {
	cost
	maxFunctions int
	err          *Error
	depth        int
	blocks       int64
	fn           *scope
}

// scope is the function that is measured.
type scope struct {
	constants map[any]struct{}
	labels    int64
	gotos     int64
}

func (m *measurer) refuse(line int, format string, args ...any) {
	if m.err == nil {
		m.err = &Error{Line: line, Message: fmt.Sprintf(format, args...)}
	}
}

// spend adds work and reports whether to go on.
func (m *measurer) spend(line int, n int64) bool {
	if m.work += n; m.work > maxWork {
		m.refuse(line, "the text is too much to compile: it has too many different constants, labels or variables in one function; split it")
	}
	return m.err == nil
}

func (m *measurer) function(body []ast.Stmt) {
	outer := m.fn
	m.fn = &scope{constants: map[any]struct{}{}}
	m.block(body)
	m.spend(0, m.fn.labels*(m.fn.labels+m.fn.gotos))
	m.fn = outer
}

func (m *measurer) block(body []ast.Stmt) {
	m.blocks++
	for _, s := range body {
		if !m.spend(s.Line(), 1) {
			break
		}
		m.statement(s)
	}
	m.blocks--
}

// constant is a reference to a constant of the function.
func (m *measurer) constant(line int, v any) {
	m.fn.constants[v] = struct{}{}
	m.spend(line, int64(len(m.fn.constants)))
}

func (m *measurer) statement(s ast.Stmt) {
	if !m.enter(s.Line()) {
		return
	}
	defer m.leave()
	switch s := s.(type) {
	case *ast.AssignStmt:
		m.expressions(s.Lhs)
		m.expressions(s.Rhs)
	case *ast.LocalAssignStmt:
		m.expressions(s.Exprs)
	case *ast.FuncCallStmt:
		m.expression(s.Expr)
	case *ast.DoBlockStmt:
		m.block(s.Stmts)
	case *ast.WhileStmt:
		m.expression(s.Condition)
		m.block(s.Stmts)
	case *ast.RepeatStmt:
		m.block(s.Stmts)
		m.expression(s.Condition)
	case *ast.IfStmt:
		m.expression(s.Condition)
		m.block(s.Then)
		m.block(s.Else)
	case *ast.NumberForStmt:
		m.expressions([]ast.Expr{s.Init, s.Limit, s.Step})
		m.block(s.Stmts)
	case *ast.GenericForStmt:
		complete(s)
		m.expressions(s.Exprs)
		m.block(s.Stmts)
	case *ast.FuncDefStmt:
		m.expression(s.Name.Func)
		m.expression(s.Name.Receiver)
		m.expression(s.Func)
	case *ast.ReturnStmt:
		m.expressions(s.Exprs)
	case *ast.LabelStmt:
		m.fn.labels++
	case *ast.GotoStmt:
		m.fn.gotos++
		m.spend(s.Line(), m.blocks)
	}
}

func (m *measurer) enter(line int) bool {
	if m.depth++; m.depth > maxDepth {
		m.refuse(line, "expressions or blocks are nested more than %d deep", maxDepth)
	}
	if m.err != nil {
		m.depth--
		return false
	}
	return true
}

func (m *measurer) leave() { m.depth-- }

func (m *measurer) expressions(list []ast.Expr) {
	for _, e := range list {
		m.expression(e)
	}
}

func (m *measurer) expression(e ast.Expr) {
	if e == nil || !m.enter(e.Line()) {
		return
	}
	defer m.leave()
	switch e := e.(type) {
	case *ast.NumberExpr:
		m.constant(e.Line(), number(e.Value))
	case *ast.StringExpr:
		m.constant(e.Line(), e.Value)
	case *ast.IdentExpr:
		m.constant(e.Line(), e.Value)
		m.spend(e.Line(), m.blocks)
	case *ast.AttrGetExpr:
		m.expression(e.Object)
		m.expression(e.Key)
	case *ast.TableExpr:
		m.constructor(e)
	case *ast.FuncCallExpr:
		m.expression(e.Func)
		m.expression(e.Receiver)
		if e.Receiver != nil {
			m.constant(e.Line(), e.Method)
		}
		m.expressions(e.Args)
	case *ast.LogicalOpExpr:
		m.expressions([]ast.Expr{e.Lhs, e.Rhs})
	case *ast.RelationalOpExpr:
		m.expressions([]ast.Expr{e.Lhs, e.Rhs})
	case *ast.StringConcatOpExpr:
		m.expressions([]ast.Expr{e.Lhs, e.Rhs})
	case *ast.ArithmeticOpExpr:
		m.spend(e.Line(), int64(m.depth)) // constants are folded again at each level
		m.expressions([]ast.Expr{e.Lhs, e.Rhs})
	case *ast.UnaryMinusOpExpr:
		m.spend(e.Line(), int64(m.depth))
		m.expression(e.Expr)
	case *ast.UnaryNotOpExpr:
		m.expression(e.Expr)
	case *ast.UnaryLenOpExpr:
		m.expression(e.Expr)
	case *ast.FunctionExpr:
		if m.functions++; m.functions > m.maxFunctions {
			m.refuse(e.Line(), "the text has more than %d functions", m.maxFunctions)
			return
		}
		m.function(e.Stmts)
	}
}

// number is a number constant's identity; nearly the same for all spellings of one number, which is enough for a bound.
type number string

func (m *measurer) constructor(e *ast.TableExpr) {
	items := 0
	for _, f := range e.Fields {
		m.expression(f.Key)
		m.expression(f.Value)
		if f.Key == nil {
			items++
		}
	}
	if items > maxList {
		m.refuse(e.Line(), "a list has %d items in the text, at most %d are allowed; split it", items, maxList)
	}
}
