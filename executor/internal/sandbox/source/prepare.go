package source

import (
	"fmt"
	"maps"
	"slices"

	"github.com/yuin/gopher-lua/ast"

	"antiraid/executor/internal/sandbox/meter"
)

// Caps on what gopher-lua's compiler is given.
const (
	maxDepth      = 1000     // of the syntax tree
	maxList       = 25_000   // positional items of one table constructor; from 25,551 on it puts them in the wrong place
	maxUpvalues   = 200      // its count has eight bits
	maxCode       = 60_000   // instructions of one function; jumps reach 131,071 and are not all checked
	functionBytes = 20 << 10 // it allocates for each function
)

// What compiling takes, in steps of a nanosecond or so. Names, blocks, constants and jumps are searched one by one, names at one step each;
// that is why a text may take as long as the square of its length.
const (
	tokenWork    = 500 // to be scanned, parsed and compiled
	functionWork = 12_000
	constantWork = 9
	blockWork    = 4
	jumpWork     = 20

	slowNumberWork = 15_000
)

// prepared is a tree that the compiler gets right, and what compiling it takes.
type prepared struct {
	chunk     []ast.Stmt
	work      int64
	functions int
	closes    map[int]int // the laid line of each goto, and how many variables stay when it jumps: see correct
}

// prepare walks over a tree as the compiler will: it puts right what the compiler gets wrong, and refuses what is too much for it. Lines are laid
// ones.
func prepare(chunk []ast.Stmt, tokens int, limits Limits) (prepared, *Error) {
	m := &preparer{prepared: prepared{work: int64(tokens) * tokenWork, closes: map[int]int{}}, limits: limits, scope: newScope()}
	m.chunk, _ = m.function(nil, chunk)
	return m.prepared, m.err
}

type preparer struct {
	prepared
	*scope
	limits Limits
	err    *Error
	depth  int
	breaks int // that became gotos, by loop
	folds  int // of that, arithmetic
}

func (m *preparer) refuse(line int, format string, args ...any) {
	if m.err == nil {
		m.err = &Error{Line: line, Message: fmt.Sprintf(format, args...)}
	}
}

// spend adds work and reports whether to go on.
func (m *preparer) spend(line int, n int64) bool {
	if m.work += n; m.work > m.limits.Work {
		m.refuse(line, "the text is too much to compile: it is too long, or has too many different constants, labels or variables in one function; split it")
	}
	return m.err == nil
}

// function prepares one and returns its body, and the names of the variables it uses of those around it.
func (m *preparer) function(pars []string, body []ast.Stmt) (ready []ast.Stmt, upvalues map[string]struct{}) {
	m.openFunction()
	m.declare(pars...)
	ready = m.statements(body)
	m.spend(0, functionWork+m.fn.labels*(m.fn.labels+jumpWork*m.fn.gotos))
	upvalues = m.fn.upvalues
	m.closeFunction()
	return ready, upvalues
}

// closure is a function in the text.
func (m *preparer) closure(e *ast.FunctionExpr, self ...string) (upvalues map[string]struct{}) {
	if m.functions++; m.functions > m.limits.Functions {
		m.refuse(e.Line(), "the text has more than %d functions", m.limits.Functions)
		return nil
	}
	pars := append(self, e.ParList.Names...)
	if e.ParList.HasVargs {
		pars = append(pars, "arg")
	}
	e.Stmts, upvalues = m.function(pars, e.Stmts)
	for _, name := range slices.Sorted(maps.Keys(upvalues)) { // in an order: what each takes depends on those before
		m.variable(e.Line(), name) // it is given each
	}
	return upvalues
}

// local is a declaration. gopher-lua takes local f = function for local function f, in which f is the function itself.
func (m *preparer) local(s *ast.LocalAssignStmt) {
	if len(s.Names) == 1 && len(s.Exprs) == 1 {
		if f, ok := s.Exprs[0].(*ast.FunctionExpr); ok {
			name := s.Names[0]
			m.declare(name)
			if _, used := m.closure(f)[name]; used && s.LastLine() == 0 { // the parser knows the end of a local function only
				s.Exprs = append(s.Exprs, at(s, &ast.NilExpr{})) // with a second value it is a declaration as any other
				m.forget(name)
				m.variable(f.Line(), name) // what the function uses is the one that was there before
				m.declare(name)
			}
			return
		}
	}
	m.expressions(s.Exprs)
	m.declare(s.Names...)
}

// block is a scope of its own.
func (m *preparer) block(body []ast.Stmt, names ...string) []ast.Stmt {
	m.openBlock()
	m.spend(0, blockWork*int64(len(m.fn.blocks)))
	m.declare(names...)
	body = m.statements(body)
	m.closeBlock()
	return body
}

func (m *preparer) statements(body []ast.Stmt) []ast.Stmt {
	body = padLabels(body)
	for i, s := range body {
		if !m.spend(s.Line(), 1) {
			break
		}
		if a, ok := s.(*ast.AssignStmt); ok && !single(m.scope, a) {
			if len(a.Lhs) > maxTargets {
				m.refuse(s.Line(), "an assignment has %d variables, at most %d are allowed", len(a.Lhs), maxTargets)
				break
			}
			body[i] = separate(m.scope, a)
		}
		if f, ok := s.(*ast.GenericForStmt); ok && !rightAsIs(f) {
			body[i] = evaluateFirst(f)
		}
		body[i] = m.leaving(body[i])
		m.statement(body[i])
	}
	return body
}

// constant is a reference to a constant of the function.
func (m *preparer) constant(line int, v any) {
	place, ok := m.fn.constants[v]
	if !ok {
		place = int64(len(m.fn.constants))
		m.fn.constants[v] = place
	}
	m.spend(line, constantWork*(place+1))
}

// variable is a reference to one.
func (m *preparer) variable(line int, name string) {
	owner, steps := m.find(name)
	switch {
	case owner == nil:
		m.constant(line, name)
	case owner != m.fn:
		if m.fn.upvalues == nil {
			m.fn.upvalues = map[string]struct{}{}
		}
		m.fn.upvalues[name] = struct{}{}
		steps += int64(len(m.fn.upvalues))
	}
	m.spend(line, 2*steps)
}

func (m *preparer) statement(s ast.Stmt) {
	if !m.enter(s.Line()) {
		return
	}
	defer m.leave()
	switch s := s.(type) {
	case *ast.AssignStmt:
		m.expressions(s.Lhs)
		m.expressions(s.Rhs)
		open(s.Rhs)
	case *ast.LocalAssignStmt:
		m.local(s)
	case *ast.FuncCallStmt:
		s.Expr = m.expression(s.Expr)
	case *ast.DoBlockStmt:
		s.Stmts = m.block(s.Stmts)
	case *ast.WhileStmt:
		s.Condition = m.expression(s.Condition)
		s.Stmts = padLoop(s, m.block(s.Stmts))
	case *ast.RepeatStmt:
		m.openBlock()
		s.Stmts = padLoop(s, m.statements(s.Stmts))
		s.Condition = m.expression(s.Condition)
		m.closeBlock()
	case *ast.IfStmt:
		s.Condition = m.expression(s.Condition)
		s.Then, s.Else = m.block(s.Then), m.block(s.Else)
	case *ast.NumberForStmt:
		s.Init, s.Limit, s.Step = m.expression(s.Init), m.expression(s.Limit), m.expression(s.Step)
		s.Stmts = m.block(s.Stmts, "(for index)", "(for limit)", "(for step)", s.Name)
	case *ast.GenericForStmt:
		m.expressions(s.Exprs)
		s.Stmts = padLoop(s, m.block(s.Stmts, append([]string{"(for generator)", "(for state)", "(for control)"}, s.Names...)...))
	case *ast.FuncDefStmt:
		if s.Name.Func != nil {
			s.Name.Func = m.expression(s.Name.Func)
			m.closure(s.Func)
		} else {
			s.Name.Receiver = m.expression(s.Name.Receiver)
			m.constant(s.Line(), s.Name.Method)
			m.closure(s.Func, "self")
		}
	case *ast.ReturnStmt:
		m.expressions(s.Exprs)
	case *ast.LabelStmt:
		m.label(s.Name)
	case *ast.GotoStmt:
		m.jump(s.Label, s.Line())
		m.spend(s.Line(), jumpWork*int64(len(m.fn.blocks)))
	}
}

func (m *preparer) enter(line int) bool {
	if m.depth++; m.depth > maxDepth {
		m.refuse(line, "expressions or blocks are nested more than %d deep", maxDepth)
	}
	if m.err != nil {
		m.depth--
		return false
	}
	return true
}
func (m *preparer) leave() { m.depth-- }

func (m *preparer) expressions(list []ast.Expr) {
	for i, e := range list {
		list[i] = m.expression(e)
	}
}

// expression prepares one and returns it as the compiler is given it.
func (m *preparer) expression(e ast.Expr) ast.Expr {
	if e == nil || !m.enter(e.Line()) {
		return e
	}
	defer m.leave()
	switch e := e.(type) {
	case *ast.NumberExpr:
		if meter.SlowNumber(e.Value) {
			m.spend(e.Line(), slowNumberWork*int64(1+m.folds))
		}
		e.Value = canonicalNumber(e.Value)
		m.constant(e.Line(), number(e.Value))
	case *ast.StringExpr:
		m.constant(e.Line(), e.Value)
	case *ast.IdentExpr:
		m.variable(e.Line(), e.Value)
	case *ast.AttrGetExpr:
		e.Object, e.Key = m.expression(e.Object), m.expression(e.Key)
		e.SetLine(e.Key.Line())
	case *ast.TableExpr:
		m.constructor(e)
	case *ast.FuncCallExpr:
		e.Func, e.Receiver = m.expression(e.Func), m.expression(e.Receiver)
		if e.Receiver != nil {
			m.constant(e.Line(), e.Method)
		}
		m.expressions(e.Args)
	case *ast.LogicalOpExpr:
		e.Lhs, e.Rhs = m.expression(e.Lhs), m.expression(e.Rhs)
		return foldLogic(e)
	case *ast.RelationalOpExpr:
		e.Lhs, e.Rhs = m.expression(e.Lhs), m.expression(e.Rhs)
	case *ast.StringConcatOpExpr:
		e.Lhs, e.Rhs = m.expression(e.Lhs), m.expression(e.Rhs)
	case *ast.ArithmeticOpExpr:
		m.spend(e.Line(), int64(m.depth))
		m.folds++ // constants are read and folded again at each level
		e.Lhs, e.Rhs = m.expression(e.Lhs), m.expression(e.Rhs)
		m.folds--
	case *ast.UnaryMinusOpExpr:
		m.spend(e.Line(), int64(m.depth))
		m.folds++
		e.Expr = m.expression(e.Expr)
		m.folds--
	case *ast.UnaryNotOpExpr:
		e.Expr = m.expression(e.Expr)
		return foldNot(e)
	case *ast.UnaryLenOpExpr:
		e.Expr = m.expression(e.Expr)
	case *ast.FunctionExpr:
		m.closure(e)
	}
	return e
}

// number is a number constant's identity; nearly the same for all spellings of one number, which is enough for a bound.
type number string

func (m *preparer) constructor(e *ast.TableExpr) {
	items := 0
	if !repairList(e) {
		m.refuse(e.Line(), "a list of %d items or more has named fields among them and ends with several values; split it", flushEvery)
	}
	for _, f := range e.Fields {
		f.Key, f.Value = m.expression(f.Key), m.expression(f.Value)
		if f.Key == nil {
			items++
		}
	}
	if items > maxList {
		m.refuse(e.Line(), "a list has %d items in the text, at most %d are allowed; split it", items, maxList)
	}
}
