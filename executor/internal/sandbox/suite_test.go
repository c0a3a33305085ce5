package sandbox

import (
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	lua "github.com/yuin/gopher-lua"

	"antiraid/executor/internal/sandbox/source"
	"antiraid/shared/bundle"
)

// omission is lines of a test file that are left out, and why.
type omission struct {
	from, to int
	why      string
}

// Reasons to leave lines out: what templates do not have, and where the file holds gopher-lua to words that are not Lua's.
const (
	noDebug        = "debug"
	noEnvironments = "getfenv and setfenv"
	noFiles        = "files"
	noClock        = "os.time"
	notItsWords    = "a message that is gopher-lua's own; TestLua has ours, which is Lua's"
	noConversion   = "gopher-lua does not pass it: its for instruction converts no text"
)

// suites are the test files that gopher-lua passes and that are about what is there for templates: Lua 5.1's, and its own. Not among them are
// attrib (package), db (debug), files and os; nextvar is no file that gopher-lua is held to, and passes but for the lines that are named.
var suites = map[string]map[string][]omission{
	"_lua5.1-tests": {
		"calls":      {{241, 241, noDebug}},
		"closure":    {{164, 178, noEnvironments}, {277, 278, noDebug}, {411, 422, noEnvironments}},
		"constructs": {{189, 189, noDebug}},
		"events":     {{5, 16, noEnvironments}, {293, 294, noEnvironments}, {299, 299, noEnvironments}, {331, 357, noDebug}},
		"literals":   {{112, 112, noDebug}, {115, 119, noDebug}},
		"locals":     {{55, 83, noEnvironments}},
		"math":       {{126, 145, noFiles}, {164, 165, "a module of the suite that looks into the debug interface"}},
		"nextvar":    {{234, 246, noEnvironments}, {371, 371, noConversion}},
		"pm":         {},
		"sort":       {},
		"strings":    {},
		"vararg":     {},
	},
	"_glua-tests": {
		"base":      {{1, 4, noFiles}, {6, 9, noEnvironments}, {32, 32, notItsWords}},
		"coroutine": {{8, 8, notItsWords}, {17, 17, notItsWords}},
		"goto":      {},
		"issues":    {{71, 115, noDebug}, {217, 217, notItsWords}, {268, 333, noClock}, {473, 492, noFiles}},
		"math":      {{7, 7, notItsWords}, {12, 12, notItsWords}},
		"strings":   {{5, 5, notItsWords}, {7, 7, "gopher-lua is wrong: %c in a replacement is c"}},
		"table":     {},
		"vm":        {{5, 5, notItsWords}},
	},
}

// The suites use what templates do not have, but do not test it.
const suiteHead = `
collectgarbage = function() return 0 end
gcinfo = collectgarbage
os = { clock = function() return 0 end, setlocale = function() end }
table.foreach = function(t, f) for k, v in pairs(t) do local r = f(k, v) if r ~= nil then return r end end end
table.foreachi = function(t, f) for i = 1, #t do local r = f(i, t[i]) if r ~= nil then return r end end end
return { events = { MESSAGE_CREATE = function() require "suite" end } }`

func TestLuaSuite(t *testing.T) {
	for folder, files := range suites {
		for file, left := range files {
			t.Run(folder+"/"+file, func(t *testing.T) {
				t.Parallel()
				luaSuite(t, filepath.Join(gopherLua(t), folder, file+".lua"), left)
			})
		}
	}
}

// gopherLua is where gopher-lua's code is, with its tests beside it.
func gopherLua(t *testing.T) string {
	t.Helper()
	file, _ := runtime.FuncForPC(reflect.ValueOf(lua.NewState).Pointer()).FileLine(0)
	return filepath.Dir(file)
}

func luaSuite(t *testing.T, path string, left []omission) {
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(text), "\n")
	for _, o := range left {
		clear(lines[o.from-1 : o.to])
	}
	chunk, bad := source.Compile("suite.lua", strings.Join(lines, "\n"), source.Limits{Bytes: 1 << 20, Functions: 5000, Work: 1e9})
	if bad != nil {
		t.Fatal(bad)
	}
	p, failure := Compile("suite", bundle.Revision{bundle.Entry: suiteHead})
	if failure != nil {
		t.Fatal(failure)
	}
	p.chunks["suite.lua"] = chunk
	v, err := New(p)
	if err != nil {
		t.Fatal(err)
	}
	in := input(t, "{}", &world{})
	in.Limits.Instructions, in.Limits.Memory, in.Limits.Wall, in.Limits.LogLines, in.Limits.LogBytes = 1e10, 512<<20, time.Minute, 1e5, 1e7
	if res := v.Run(t.Context(), in); res.Failure != nil || res.Err != nil {
		t.Errorf("%v\n%+v", res.Err, res.Failure)
	}
}
