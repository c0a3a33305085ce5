package source

// scope is which names the compiler finds where, and how far it searches: from the latest name of the innermost function outwards.
type scope struct {
	fn    *function
	known map[string][]binding // innermost last
}

// function is one function that is open.
type function struct {
	outer  *function
	before int64    // how much there is to search in the functions around it
	names  []string // of its variables
	blocks []int    // how many names there were when each began

	constants map[any]int64 // and when each came
	upvalues  map[string]struct{}
	labels    int64
	gotos     int64
	jumps     []jumps // of the blocks that are open
}

// binding is one variable: the n-th of its function.
type binding struct {
	fn *function
	n  int
}

func newScope() *scope { return &scope{known: map[string][]binding{}} }

// size is how far a search for what is not there goes.
func (f *function) size() int64 { return f.before + int64(len(f.names)+blockWork*len(f.blocks)) }

func (s *scope) openFunction() {
	f := &function{outer: s.fn, constants: map[any]int64{}}
	if s.fn != nil {
		f.before = s.fn.size()
	}
	s.fn = f
	s.openBlock()
}

func (s *scope) closeFunction() {
	s.closeBlock()
	s.fn = s.fn.outer
}

func (s *scope) openBlock() {
	s.fn.blocks = append(s.fn.blocks, len(s.fn.names))
	s.fn.jumps = append(s.fn.jumps, jumps{})
}

func (s *scope) closeBlock() {
	f := s.fn
	last := len(f.blocks) - 1
	for n := len(f.names) - 1; n >= f.blocks[last]; n-- {
		s.drop(f.names[n])
	}
	s.fn.leave(f.blocks[last])
	f.names, f.blocks = f.names[:f.blocks[last]], f.blocks[:last]
}

func (s *scope) declare(names ...string) {
	for _, name := range names {
		s.known[name] = append(s.known[name], binding{s.fn, len(s.fn.names)})
		s.fn.names = append(s.fn.names, name)
	}
}

// forget undoes the last declaration.
func (s *scope) forget(name string) {
	s.fn.names = s.fn.names[:len(s.fn.names)-1]
	s.drop(name)
}

func (s *scope) drop(name string) {
	if outer := s.known[name][:len(s.known[name])-1]; len(outer) > 0 {
		s.known[name] = outer
	} else {
		delete(s.known, name)
	}
}

// find is the function that a variable belongs to, nil for a global one, and how many steps it takes to find it.
func (s *scope) find(name string) (owner *function, steps int64) {
	all := s.known[name]
	if len(all) == 0 {
		return nil, s.fn.size()
	}
	b := all[len(all)-1]
	return b.fn, s.fn.size() - b.fn.before - int64(b.n) // nearly: blocks outside of it count
}

// near reports whether a name is a variable of the innermost function.
func (s *scope) near(name string) bool {
	owner, _ := s.find(name)
	return owner != nil && owner == s.fn
}
