package sandbox

import (
	"os"
	"runtime"
	"testing"

	"antiraid/shared/bundle"
)

// TestARunThatIsOverHoldsNothing runs what makes deep and many stacks, whose calls gopher-lua keeps in a pool of the whole process, beside a
// machine that goes on: neither the pool nor that machine may keep what the runs had.
func TestARunThatIsOverHoldsNothing(t *testing.T) {
	good := newVM(t, typical)
	for _, name := range []string{"memory-dead-coroutines", "memory-coroutine-stacks", "stack-recursion", "memory-tables"} {
		text, err := os.ReadFile("../../../services/lab/testdata/hostile/" + name + ".lua")
		if err != nil {
			t.Fatal(err)
		}
		p, failure := Compile("hostile", bundle.Revision{bundle.Entry: string(text)})
		if failure != nil {
			t.Fatal(failure)
		}
		before := held()
		for range 4 {
			v, err := New(p)
			if err != nil {
				t.Fatal(err)
			}
			v.Run(t.Context(), input(t, typicalPayload, &world{answer: refusal}))
			if res := good.Run(t.Context(), input(t, typicalPayload, &world{})); res.Failure != nil || res.Err != nil {
				t.Fatal(res.Failure, res.Err)
			}
		}
		// gopher-lua's pool keeps one segment for each processor until the second collection, and with it what one run had.
		if after, limit := held(), before+uint64(min(runtime.GOMAXPROCS(0), 3)*36<<20); after > limit {
			t.Errorf("after four runs of %s the process holds %d KiB more, want at most %d", name, (after-before)>>10, (limit-before)>>10)
		}
		held()
		if after := held(); after > before+2<<20 {
			t.Errorf("two collections after the runs of %s the process holds %d KiB more", name, (after-before)>>10)
		}
	}
	runtime.KeepAlive(good)
}

// A machine that goes on keeps nothing of a run that was large.
func TestAnIdleMachineHoldsNothingOfItsLastRun(t *testing.T) {
	const large = `return { events = { MESSAGE_CREATE = function()
		local function deep(n, t) if n > 0 then return 1 + deep(n - 1, { t, ("x"):rep(1000) .. n }) end return #t end
		local co = coroutine.create(function() local t = {} for i = 1, 20000 do t[i] = { i } end coroutine.yield() return t end)
		coroutine.resume(co)
		local ok, n = pcall(deep, 400, {})
		local t = {}
		for i = 1, 50000 do t[i] = { i } end
		return n + #t
	end } }`
	before := held()
	var machines []*VM
	for range 5 {
		v := newVM(t, large)
		for range 2 {
			if res := v.Run(t.Context(), input(t, typicalPayload, &world{})); res.Failure != nil || res.Err != nil {
				t.Fatal(res.Failure, res.Err)
			}
		}
		machines = append(machines, v)
	}
	if after := held(); after > before+5*64<<10 {
		t.Errorf("five idle machines hold %d KiB", (after-before)>>10)
	}
	runtime.KeepAlive(machines)
}

// held is what one collection leaves: pools lose their contents with the second.
func held() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// What an idle machine says that it holds is what it holds, whatever its last run did.
func TestAnIdleMachineKnowsItsSize(t *testing.T) {
	for name, test := range map[string]struct{ top, body string }{
		"a global":           {"", `junk = {} for i = 1, 7 do junk[i] = ("x"):rep(4000000) .. i end`},
		"an upvalue":         {"local keep", `keep = ("x"):rep(1900000)`},
		"names of tables":    {"", `for i = 1, 100000 do tostring({}) end`},
		"arguments":          {"", `coroutine.wrap(function() pcall(type, unpack({}, 1, 6900)) end)()`},
		"loaded text":        {"", `local s = ("\n"):rep(64000) for i = 1, 15 do loadstring(s) end`},
		"loaded functions":   {"", `local s = ("f=function()end "):rep(199) for i = 1, 20 do loadstring(s) end`},
		"events":             {"", `for i = 1, 5000 do local o = event.list[i].x end`},
		"text loaded at top": {`keep = {} for i = 1, 15 do keep[i] = loadstring(("\n"):rep(64000)) end`, ""},
		"functions at top":   {`keep = {} local s = ("f=function()end "):rep(199) for i = 1, 20 do keep[i] = loadstring(s) end`, ""},
		"many tables at top": {`keep = {} for i = 1, 50000 do keep[i] = {} end`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			p := compile(t, test.top+" return { events = { MESSAGE_CREATE = function(ctx, event) "+test.body+" end } }")
			in := input(t, `{"list":[`+manyObjects(5000)+`]}`, &world{})
			const n = 3
			var vms [n]*VM
			before := heapAlloc()
			for i := range vms {
				vms[i], _ = New(p)
				if res := vms[i].Run(t.Context(), in); res.Failure != nil || res.Err != nil || !vms[i].Usable() {
					t.Fatal(res.Failure, res.Err, vms[i].Usable())
				}
			}
			holds, says := (heapAlloc()-before)/n, vms[0].Size()
			t.Logf("holds %d KiB and says %d", holds>>10, says>>10)
			if holds > says*5/4+32<<10 {
				t.Errorf("holds %d KiB and says %d", holds>>10, says>>10)
			}
			runtime.KeepAlive(vms)
		})
	}
}
