package sandbox

import (
	"runtime"
	"strings"
	"testing"

	lua "github.com/yuin/gopher-lua"
)

// A tenant that waits for its next event may cost 32 KiB.
func TestIdleSize(t *testing.T) {
	const n = 400
	p := compile(t, typical)
	in := input(t, typicalPayload, &world{})
	var before, after runtime.MemStats
	vms := make([]*VM, n)
	heap := func(m *runtime.MemStats) {
		for range 3 {
			runtime.GC()
		}
		runtime.ReadMemStats(m)
	}
	heap(&before)
	for i := range vms {
		vms[i], _ = New(p)
		if res := vms[i].Run(t.Context(), in); res.Failure != nil || res.Err != nil {
			t.Fatal(res)
		}
	}
	heap(&after)
	real := int64(after.HeapAlloc-before.HeapAlloc) / n
	t.Logf("a warm machine holds %d bytes and says %d", real, vms[0].Size())
	if real > 32<<10 {
		t.Errorf("a warm machine holds %d bytes, more than 32 KiB", real)
	}
	if said := vms[0].Size(); said < real*3/4 || said > real*2 {
		t.Errorf("a warm machine holds %d bytes and says %d", real, said)
	}
	runtime.KeepAlive(vms)
}

// What a run is said to hold is what it holds: never much less, since the limit must hold, and not so much more that honest scripts suffer.
func TestWeightIsTrue(t *testing.T) {
	for name, build := range map[string]string{
		"list of numbers":       `for i = 1, 100000 do keep[i] = i * 1.5 end`,
		"list of small":         `for i = 1, 100000 do keep[i] = i % 100 end`,
		"sparse numbers":        `local n = 0 for i = 1, 20000 do for j = 1, 31 do local x = j * 1.5 end keep[i] = i * 0.37 end`,
		"texts":                 `for i = 1, 50000 do keep[i] = "text number " .. i end`,
		"long texts":            `for i = 1, 100 do keep[i] = ("x"):rep(100000) .. i end`,
		"one text many times":   `local s = ("x"):rep(1000000) for i = 1, 100000 do keep[i] = s end`,
		"pieces":                `for i = 1, 2000 do keep[i] = (("x"):rep(10000) .. i):sub(-4) end`,
		"keys":                  `for i = 1, 50000 do keep["key " .. i] = true end`,
		"number keys":           `for i = 1, 50000 do keep[-i] = true end`,
		"gone keys":             `for i = 1, 50000 do keep["key " .. i] = true keep["key " .. i] = nil end`,
		"empty tables":          `for i = 1, 50000 do keep[i] = {} end`,
		"lists":                 `for i = 1, 20000 do keep[i] = { 1, 2, 3 } end`,
		"grown lists":           `for i = 1, 10000 do local l = {} l[1] = 1 keep[i] = l end`,
		"objects":               `for i = 1, 10000 do keep[i] = { a = 1, b = 2, c = 3 } end`,
		"grown objects":         `for i = 1, 5000 do local o = {} o.a = 1 keep[i] = o end`,
		"closures":              `for i = 1, 30000 do local a, b = i, i keep[i] = function() return a, b end end`,
		"coroutines":            `for i = 1, 50 do local co = coroutine.create(function() coroutine.yield() end) coroutine.resume(co) keep[i] = co end`,
		"deep coroutines":       `local function deep(n) if n == 0 then coroutine.yield() else deep(n - 1) end return n end for i = 1, 50 do local co = coroutine.create(deep) coroutine.resume(co, 900) keep[i] = co end`,
		"variables of the dead": `local function deep(n) if n > 0 then deep(n - 1) local x end end for i = 1, 200 do coroutine.wrap(function() local x = {} keep[i] = function() return x end deep(300) end)() end`,
		"variables of failed":   `local function deep(n) if n > 0 then deep(n - 1) local x end error("x") end for i = 1, 200 do pcall(function() local x = {} keep[i] = function() return x end deep(300) end) end`,
		"json":                  `local json = require "@antiraid/json" for i = 1, 2000 do keep[i] = json.decode('{"a":[1,2,3],"b":{"c":"d"},"e":[]}') end`,
		"events":                `for i = 1, 1000 do keep[i] = event.list[i].x end`,
		"iterators":             `for i = 1, 10000 do keep[i] = ("a b c"):gmatch("%a") end`,
		"removed":               `for i = 1, 100 do local l = {} for j = 1, 10 do l[j] = ("x"):rep(5000) .. j end for j = 1, 10 do table.remove(l) end keep[i] = l end`,
		"named":                 `for i = 1, 20000 do keep[i] = tostring({}) end`,
		"loaded":                `for i = 1, 200 do keep[i] = loadstring("local a = " .. i .. " return function() return a end") end`,
	} {
		t.Run(name, func(t *testing.T) {
			v := newVM(t, `return { events = { MESSAGE_CREATE = function(ctx, event) local keep = {} `+build+` weigh() return #keep end } }`)
			var real, said int64
			v.l.G.Global.RawSetString("weigh", v.l.NewFunction(func(*lua.LState) int {
				real = heapAlloc() - real
				said = v.m.Weigh()
				return 0
			}))
			real = heapAlloc()
			in := input(t, `{"list":[`+manyObjects(1000)+`]}`, &world{})
			in.Limits.Instructions, in.Limits.Memory, in.Limits.Wall = 1e9, 256<<20, 1e12
			if res := v.Run(t.Context(), in); res.Failure != nil || res.Err != nil {
				t.Fatal(res.Failure, res.Err)
			}
			t.Logf("%s: holds %d KiB, said %d KiB", name, real>>10, said>>10)
			if slack := int64(100 << 10); said < real*9/10-slack || said > real*3+slack {
				t.Errorf("holds %d KiB, but is said to hold %d KiB", real>>10, said>>10)
			}
		})
	}
}

func manyObjects(n int) string {
	return strings.TrimSuffix(strings.Repeat(`{"x":{"y":1}},`, n), ",")
}

func heapAlloc() int64 {
	for range 3 {
		runtime.GC()
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// What a compiled program is said to hold is what it holds.
func TestProgramsKnowTheirSize(t *testing.T) {
	for name, text := range map[string]string{
		"typical":    typical,
		"lines":      strings.Repeat("\n", 200_000),
		"functions":  strings.Repeat("f=function()end ", 1000),
		"statements": strings.Repeat("a=b ", 8000),
		"constants":  "local a " + strings.Repeat("a=1.5 a='x' ", 2000),
		"text":       "local a = '" + strings.Repeat("x", 200_000) + "'",
		"comment":    "--" + strings.Repeat("x", 200_000),
	} {
		t.Run(name, func(t *testing.T) {
			const n = 10
			var programs [n]*Program
			before := heapAlloc()
			for i := range programs {
				programs[i] = compile(t, strings.Clone(text))
			}
			holds, says := (heapAlloc()-before)/n, programs[0].Size()
			t.Logf("holds %d KiB and says %d", holds>>10, says>>10)
			if holds > says*11/10+4<<10 || says > 6*holds+16<<10 {
				t.Errorf("holds %d KiB and says %d", holds>>10, says>>10)
			}
			runtime.KeepAlive(programs)
		})
	}
}
