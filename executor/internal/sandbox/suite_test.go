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

// suite is the test files of Lua 5.1 that gopher-lua passes and that are about what we replaced, with the lines that are left out: they need
// what templates do not have (files, debug, environments, the collector).
var suite = map[string][][2]int{
	"calls":      {{241, 241}},
	"closure":    {{166, 180}, {277, 278}, {411, 422}},
	"constructs": {{189, 189}},
	"events":     {{5, 16}, {293, 294}, {299, 299}, {331, 357}},
	"literals":   {{115, 119}, {161, 173}},
	"locals":     {{55, 83}},
	"math":       {{124, 145}, {164, 165}},
	"nextvar":    {{220, 246}, {371, 371}},
	"pm":         {},
	"sort":       {},
	"strings":    {{144, 165}},
	"vararg":     {},
}

// suiteFolder is where gopher-lua keeps those files: beside its code.
func suiteFolder(t *testing.T) string {
	t.Helper()
	file, _ := runtime.FuncForPC(reflect.ValueOf(lua.NewState).Pointer()).FileLine(0)
	return filepath.Join(filepath.Dir(file), "_lua5.1-tests")
}

func TestLuaSuite(t *testing.T) {
	folder := suiteFolder(t)
	for file, left := range suite {
		t.Run(file, func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join(folder, file+".lua"))
			if err != nil {
				t.Fatal(err)
			}
			lines := strings.Split(string(text), "\n")
			for _, span := range left {
				for i := span[0]; i <= min(span[1], len(lines)); i++ {
					lines[i-1] = ""
				}
			}
			chunk, bad := source.Compile(file, strings.Join(lines, "\n"), source.Limits{Bytes: 1 << 20, Functions: 5000})
			if bad != nil {
				t.Fatal(bad)
			}
			const head = `table.foreach = function(t, f) for k, v in pairs(t) do local r = f(k, v) if r ~= nil then return r end end end table.foreachi = function(t, f) for i = 1, #t do local r = f(i, t[i]) if r ~= nil then return r end end end collectgarbage = function() return 0 end gcinfo = collectgarbage os = { clock = function() return 0 end, setlocale = function() end } return { events = { MESSAGE_CREATE = function() require "suite" end } }`
			p, failure := Compile("suite", bundle.Revision{bundle.Entry: head})
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
		})
	}
}
