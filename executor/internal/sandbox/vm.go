package sandbox

import (
	"context"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"runtime/debug"
	"time"

	lua "github.com/yuin/gopher-lua"

	"antiraid/executor/internal/sandbox/doors"
	"antiraid/executor/internal/sandbox/meter"
	"antiraid/executor/internal/sandbox/peek"
	"antiraid/executor/internal/sandbox/source"
	"antiraid/executor/internal/sandbox/stdlib"
	"antiraid/executor/internal/sandbox/values"
	"antiraid/shared/run"
	"antiraid/shared/tenant"
)

// maxPayloadDepth is how deep a payload may be nested.
const maxPayloadDepth = 100

// VM is a machine that has loaded a program, or will at its first run. It is for one goroutine.
//
// A run sees the template as if its top level had just run. That is done for every run that follows one which changed anything of what
// loading left behind; otherwise what is there serves again. Either way a run counts what loading used, so that it cannot be told.
type VM struct {
	program *Program
	l       *lua.LState
	m       *meter.Meter
	threads *stdlib.Threads
	lazies  *values.Lazies

	template   lua.LValue             // what the entry file returned
	events     *lua.LTable            // its handlers
	modules    map[string]lua.LValue  // what require has loaded
	libraries  *stdlib.Libraries      // the machine's own, as doors are
	doors      map[string]*lua.LTable // that have been made, of which
	lent       []string               // the run has these
	loading    []string               // files that require is loading
	loaded     *loaded                // nil: not loaded, or changed since
	broken     bool
	identities map[lua.LValue]int

	// Of the run that is under way.
	in     Input
	host   Host
	log    []run.Line
	random *rand.Rand
	chunks []*source.Chunk // compiled by the script
	ctx    context.Context // ends at the time that until says
	until  time.Time
	cancel context.CancelFunc
}

// loaded is what loading used and left behind besides Lua values.
type loaded struct {
	limits     run.Limits
	usage      run.Usage
	log        []run.Line
	identities int
	chunks     int
	lent       int
}

// New makes a machine for a program. It loads the template when it first runs.
func New(p *Program) (*VM, error) {
	if unfit != nil {
		return nil, unfit
	}
	v := &VM{program: p}
	v.build()
	return v, nil
}

// unfit says that machines cannot be made with this gopher-lua; it is found out once. Before there is any machine, the one switch of
// gopher-lua's that is the whole process's keeps it from filling an array with nils up to whatever large number is used as a key.
var unfit = func() error {
	lua.MaxArrayIndex = meter.MaxArray + 1
	return peek.Check()
}()

// build makes a new Lua machine.
func (v *VM) build() {
	v.l = lua.NewState(lua.Options{
		SkipOpenLibs: true, MinimizeStackMemory: true, CallStackSize: meter.MaxDepth + 24,
		RegistrySize: 128, RegistryGrowStep: 512, RegistryMaxSize: meter.MaxRegisters,
	})
	v.l.G.Global, v.l.G.Registry = values.NewTable(0, 0), values.NewTable(0, 0) // gopher-lua's are large, and nobody uses them
	v.l.Env = v.l.G.Global
	v.m = meter.New(v.l)
	v.m.Owner, v.m.Roots, v.m.Globals = v, v.roots, v.globals
	v.threads = stdlib.NewThreads(v.l, v.m)
	v.lazies = values.NewLazies(v.m)
	v.m.Start(context.Background(), time.Now(), run.DefaultLimits(), run.Usage{})
	v.doors = map[string]*lua.LTable{}
	v.libraries = stdlib.Open(v.l, v.threads)
	v.m.Own()
	v.fresh()
}

// fresh makes new globals and forgets the template. The libraries stay: nobody has changed them.
func (v *VM) fresh() {
	v.l.G.Global = v.libraries.Globals()
	v.l.G.Global.RawSetString("require", requireFunction)
	v.l.Env = v.l.G.Global
	v.template, v.events, v.loaded, v.chunks, v.lent = nil, nil, nil, nil, nil
	v.modules, v.identities = map[string]lua.LValue{}, map[lua.LValue]int{}
	v.threads.Forget()
	v.m.Forget()
}

func (v *VM) globals(visit func(lua.LValue)) {
	v.libraries.Visit(visit)
	visit(v.l.G.Global)
	visit(v.l.G.Registry)
	visit(v.l.GetMetatable(lua.LString("")))
	if v.template != nil {
		visit(v.template)
	}
	for _, name := range v.lent {
		visit(v.doors[name])
	}
	for _, m := range v.modules {
		visit(m)
	}
}

func (v *VM) roots(visit func(lua.LValue)) {
	v.globals(visit)
	v.threads.Roots(visit)
	for object := range v.identities {
		visit(object)
	}
}

// Usable reports whether the machine may run again. One that broke, whose stack grew large, or whose libraries were changed is thrown away.
func (v *VM) Usable() bool { return !v.broken && cap(peek.OfState(v.l).Reg.Array) <= maxIdleRegisters }

// Large reports whether the last run was more than a small one; the next is likely to be.
func (v *VM) Large() bool { return v.m.Large() }

const (
	maxIdleRegisters = 4096
	lineSize         = 48       // a line of the log, without its text
	emptySize        = 14 << 10 // a machine that has loaded nothing; TestIdleSize measures it
)

// Size is about how many bytes the machine holds while it is idle.
func (v *VM) Size() int64 {
	size := int64(emptySize + 16*cap(peek.OfState(v.l).Reg.Array))
	if v.loaded != nil {
		size += v.loaded.usage.Memory + v.m.Known() + v.loaded.usage.LogBytes + lineSize*v.loaded.usage.LogLines
	}
	return size
}

// Run handles one event.
func (v *VM) Run(ctx context.Context, in Input) Result {
	begin := time.Now()
	if v.loaded != nil && v.loaded.limits != in.Limits {
		v.unload()
	}
	payload, bad := v.lazies.Payload(in.Event.Payload, maxPayloadDepth)
	if bad != nil {
		return Result{Err: fmt.Errorf("%w: %w", ErrPayload, bad)}
	}
	if v.broken {
		return Result{Err: fmt.Errorf("run event %s on a machine that is not usable", in.Event.ID)}
	}
	v.in, v.m.Small, v.m.Looked = in, in.Small, in.Looked
	defer v.rest()
	if v.loaded == nil {
		if res := v.load(ctx, begin, in.Limits); res.Failure != nil || res.Err != nil {
			return res
		}
	}
	v.host = in.Host
	v.log = append(v.log[:0:0], v.loaded.log...)
	v.m.Start(ctx, begin, in.Limits, v.loaded.usage)
	var answer []byte
	res := v.protect(func() {
		handler := v.handler(in.Event.Type)
		v.l.Push(handler)
		v.l.Push(v.lazies.Table(v.m, contextOf{v}))
		v.l.Push(v.lazies.Table(v.m, payload))
		v.l.Call(2, 1)
		reply := v.l.Get(-1)
		v.l.SetTop(0)
		if reply != lua.LNil {
			answer = v.reply(handler, reply)
		}
	})
	if res.Failure == nil && res.Err == nil {
		res.Reply = answer
	}
	if v.m.Dirty() {
		v.loaded = nil
	}
	return res
}

// handler is the function for a type of event.
func (v *VM) handler(typ string) lua.LValue {
	f := v.events.RawGetString(typ)
	if f == lua.LNil {
		v.m.Fail(&run.Failure{Message: "the template has no handler for " + typ, File: entry})
	}
	return f
}

// reply is what a handler returned, as JSON.
func (v *VM) reply(handler, value lua.LValue) []byte {
	limits := v.m.Limits()
	data, err := values.Encode(v.m, value, values.Bounds{Bytes: int(limits.ValueBytes), Depth: int(limits.Depth)})
	if err == nil {
		return data
	}
	f := &run.Failure{Message: "what the handler returned cannot be a reply: " + err.Error()}
	if e := err.(*values.EncodeError); e.Budget != "" {
		f.Budget = e.Budget
		f.Limit = map[string]int64{"value_bytes": limits.ValueBytes, "depth": limits.Depth}[e.Budget]
	}
	if fn, ok := handler.(*lua.LFunction); ok && !fn.IsG {
		v.defined(f, fn.Proto)
	}
	v.m.Fail(f)
	return nil
}

// load runs the template's top level on a machine that nobody has used.
func (v *VM) load(ctx context.Context, begin time.Time, limits run.Limits) Result {
	v.host, v.log, v.random = nil, nil, nil
	v.m.Start(ctx, begin, limits, run.Usage{})
	var size int64
	res := v.protect(func() {
		v.template = lua.LFalse
		v.template = v.require(entry)
		v.l.SetTop(0)
		v.check(v.template)
		v.threads.Keep()
		v.threads.Reset() // or pcall in the handler would be cheaper than in a run that loads nothing
		size = v.m.Remember()
	})
	if res.Failure != nil || res.Err != nil {
		return res
	}
	v.random = nil // or math.random would go on where loading left off
	usage := res.Usage
	usage.Memory = size
	v.loaded = &loaded{limits, usage, res.Log, len(v.identities), len(v.chunks), len(v.lent)}
	return res
}

// rest lets go of what the run had.
func (v *VM) rest() {
	if v.cancel != nil {
		v.cancel()
	}
	v.ctx, v.cancel = nil, nil
	v.in, v.host, v.log, v.random, v.m.Looked = Input{}, nil, nil, nil, nil
	v.lazies.Clear()
	v.threads.Reset()
	peek.Wipe(v.l)
	peek.Drain()
	switch {
	case v.loaded != nil:
		v.back()
	case v.m.Mixed():
		v.broken = true
	default:
		v.fresh() // a run that changed what loading left behind, or failed to load, leaves nothing
	}
}

// unload makes the machine one that has not loaded the template.
func (v *VM) unload() {
	if v.m.Mixed() {
		v.build()
	} else {
		v.fresh()
	}
}

// back forgets what the run has added to what loading left behind.
func (v *VM) back() {
	clear(v.chunks[v.loaded.chunks:])
	v.chunks, v.lent = v.chunks[:v.loaded.chunks], v.lent[:v.loaded.lent]
	if len(v.identities) == v.loaded.identities {
		return
	}
	all := v.identities
	v.identities = make(map[lua.LValue]int, v.loaded.identities) // the other one may have grown large
	for object, n := range all {
		if n <= v.loaded.identities {
			v.identities[object] = n
		}
	}
}

// protect runs fn and makes a result of how it ends.
func (v *VM) protect(fn func()) (res Result) {
	defer func() {
		r := recover()
		if r == nil {
			r = v.m.Finish()
		}
		if r != nil {
			v.broken = true
			v.blame(r, &res)
		}
		res.Usage, res.Log = v.m.Usage(), v.log
	}()
	fn()
	return res
}

// blame says whose fault a panic is. It does not panic itself, whatever is broken.
func (v *VM) blame(panicked any, res *Result) {
	defer func() {
		if r := recover(); r != nil {
			*res = Result{Err: fmt.Errorf("%w: %v, and then %v", ErrPanic, panicked, r)}
		}
	}()
	if stop, ok := panicked.(*meter.Stop); ok {
		if res.Err = stop.Err; stop.Failure != nil {
			res.Failure = v.place(stop.Failure, stop.Trace)
		}
		return
	}
	if raised := v.threads.Raised(panicked); raised != nil {
		res.Failure = v.explain(raised)
		return
	}
	res.Err = fmt.Errorf("%w: %v\n%s", ErrPanic, panicked, debug.Stack())
}

// Host, Granted, Kind, Log and HostContext make a VM the desk that doors are asked from.
func (v *VM) Host() doors.Host { return v.host }

// Granted are the capabilities of the run.
func (v *VM) Granted() []string { return v.in.Granted }

// Kind is the kind of the run's tenant.
func (v *VM) Kind() tenant.Kind { return v.in.Event.Tenant.Kind() }

// Log writes a line of the run.
func (v *VM) Log(level, text string) {
	v.m.Log(len(text))
	v.log = append(v.log, run.Line{Level: level, Message: text})
}

// HostContext ends with the run's wall clock. That moves when the run is made to wait, but not while the host is asked.
func (v *VM) HostContext() context.Context {
	if until := v.m.Ends(); v.ctx == nil || v.until != until {
		if v.cancel != nil {
			v.cancel()
		}
		v.until = until
		v.ctx, v.cancel = v.m.Context()
	}
	return v.ctx
}

// Print, Random, Reseed, Identity, Loaded and Threads make a VM the machine that the standard library is called on.
func (v *VM) Print(text string) { v.Log("info", text) }

// Random is seeded with event and template; while the template is loaded, with the template alone.
func (v *VM) Random() *rand.Rand {
	if v.random == nil {
		h := fnv.New64a()
		if v.host != nil {
			h.Write([]byte(v.in.Event.ID))
		}
		h.Write([]byte{0})
		h.Write([]byte(v.program.template))
		v.Reseed(h.Sum64())
	}
	return v.random
}

// Reseed restarts the run's generator.
func (v *VM) Reseed(seed uint64) { v.random = rand.New(rand.NewPCG(seed, seed)) }

// Identity numbers objects in the order they are asked for.
func (v *VM) Identity(object lua.LValue) int {
	n, ok := v.identities[object]
	if !ok {
		v.m.Pin(64)
		n = len(v.identities) + 1
		v.identities[object] = n
	}
	return n
}

// Loaded keeps text that the script compiled, for the places of its errors.
func (v *VM) Loaded(c *source.Chunk) {
	v.m.Pin(c.Held)
	if len(v.chunks) < maxChunks {
		v.chunks = append(v.chunks, c)
	}
}

// maxChunks is how many texts that a script compiled are kept.
const maxChunks = 20

// Threads are the machine's threads.
func (v *VM) Threads() *stdlib.Threads { return v.threads }
