package source

import (
	"slices"

	lua "github.com/yuin/gopher-lua"
	"github.com/yuin/gopher-lua/ast"
)

// jumps are a block's labels, with how many variables there are at each, and the gotos in it whose label has not come yet.
type jumps struct {
	labels  map[string]int
	waiting map[string][]waiting // by label
}

type waiting struct {
	line int // laid
	stay int // variables that stay, whatever block the label is in
}

// jump is a goto on a laid line.
func (m *preparer) jump(label string, line int) {
	f := m.fn
	f.gotos++
	for i := len(f.jumps) - 1; i >= 0; i-- {
		if stay, ok := f.jumps[i].labels[label]; ok {
			m.closes[line] = stay
			return
		}
	}
	f.jumps[len(f.jumps)-1].wait(label, waiting{line, len(f.names)})
}

func (j *jumps) wait(label string, w ...waiting) {
	if j.waiting == nil {
		j.waiting = map[string][]waiting{}
	}
	j.waiting[label] = append(j.waiting[label], w...)
}

// label is where gotos of its block, and those that waited in blocks inside, jump to.
func (m *preparer) label(name string) {
	f := m.fn
	f.labels++
	j := &f.jumps[len(f.jumps)-1]
	if j.labels == nil {
		j.labels = map[string]int{}
	}
	j.labels[name] = len(f.names)
	for _, w := range j.waiting[name] {
		m.closes[w.line] = w.stay
	}
	delete(j.waiting, name)
}

// leave closes the innermost block, which began with so many variables. What waits in it waits in the one around it.
func (f *function) leave(began int) {
	last := len(f.jumps) - 1
	inner := f.jumps[last].waiting
	f.jumps = f.jumps[:last]
	if last == 0 {
		return // the compiler says that there is no such label
	}
	for label, all := range inner {
		for i := range all {
			all[i].stay = min(all[i].stay, began)
		}
		f.jumps[last-1].wait(label, all...)
	}
}

// padLabels has something that is no jump follow every label: see padLoop. Labels at the end of a block have nothing after them, and stay there: those
// may be jumped to from before a local variable.
func padLabels(body []ast.Stmt) []ast.Stmt {
	end := len(body)
	for end > 0 && isLabel(body[end-1]) {
		end--
	}
	if !slices.ContainsFunc(body[:end], isLabel) {
		return body
	}
	ready := make([]ast.Stmt, 0, len(body)+8)
	for i, s := range body {
		ready = append(ready, s)
		if i < end && isLabel(s) {
			ready = append(ready, padding(s))
		}
	}
	return ready
}

func isLabel(s ast.Stmt) bool {
	_, ok := s.(*ast.LabelStmt)
	return ok
}

// correct has each goto close the variables that end with it, and no others. gopher-lua closes all of the function's in most cases, so that a
// closure and the function that goes on no longer share theirs.
func correct(p *lua.FunctionProto, closes map[int]int) {
	for pc, inst := range p.Code {
		if stay, ok := closes[p.DbgSourcePositions[pc]]; ok && int(inst>>26) == lua.OP_CLOSE {
			p.Code[pc] = inst&^(0xff<<18) | uint32(stay)<<18
		}
	}
	for _, child := range p.FunctionPrototypes {
		correct(child, closes)
	}
}
