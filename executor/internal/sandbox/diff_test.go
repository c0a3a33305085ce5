package sandbox

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	lua "github.com/yuin/gopher-lua"

	"antiraid/executor/internal/sandbox/source"
)

// Every function that we replaced is compared with gopher-lua's own on calls that a generator makes up. Where the two differ, ours must be
// what Lua 5.1.5 answered: testdata/lua51 has what it said, case by case. With LUA51 in the environment, the path of a Lua 5.1 interpreter,
// every case is put to that as well, and TestDifferences writes what it answers to testdata/lua51 when -update is given.
const oracleVariable = "LUA51"

// casesOfEach is how many cases TestDifferences makes up for each function. More are for a search, with an interpreter to ask.
var casesOfEach = flag.Int("cases", 300, "how many cases TestDifferences makes up for each function")

// differences are where ours is not Lua 5.1's, on purpose: the functions, how ours and Lua's outcomes look then, and why.
var differences = []struct {
	functions []string
	ours, lua *regexp.Regexp
	why       string
}{
	{[]string{"tostring"}, regexp.MustCompile(`^true "(NaN|[+-]Inf|-?[0-9]{16}|0\.3{16})"$`), regexp.MustCompile(`^true "(-?nan|-?inf|-?[0-9.]+e\+15|0\.3{14})"$`),
		"numbers become text as gopher-lua's instructions make it, which keeps whole numbers whole up to 2^53"},
	{[]string{"string.format"}, regexp.MustCompile(`^true "[^"]*\\000`), regexp.MustCompile(`^true "`),
		"C ends a text at a zero byte, which the manual leaves open; ours goes on"},
	{[]string{"string.format"}, regexp.MustCompile(`^true "[^"]*(nan|NAN)`), regexp.MustCompile(`^true "[^"]*(-nan|-NAN)`),
		"whether a NaN has a sign is the processor's choice"},
	{[]string{"string.format of anything"}, regexp.MustCompile(`^true "(nil|true|false|(table|function|thread): address)"$`), regexp.MustCompile(`\(string expected, got \w+\)`),
		"%s takes any value as tostring does, as in gopher-lua and Lua 5.2"},
	{[]string{"tonumber"}, regexp.MustCompile(`^true (-[0-9]+|[0-9.]+e\+2[0-9])$`), regexp.MustCompile(`^true 1\.8446744073709[0-9]*e\+19$`),
		"C makes 2^64-1 of negative and of larger numbers in another base than 10; ours are what they say, as in Lua 5.2"},
	{[]string{"math.fmod", "math.mod", "math.ldexp", "math.atan2", "math.pow"}, regexp.MustCompile(`bad argument #1 to`), regexp.MustCompile(`bad argument #2 to`),
		"which of two bad arguments is named is the order in which a C compiler looks at them"},
	{[]string{"coroutine.create", "coroutine.wrap"}, regexp.MustCompile(`^true (thread|function)$|\(function expected, got [\w ]+\)`), regexp.MustCompile(`\(Lua function expected\)`),
		"a coroutine may also be made of a library function, as in gopher-lua and Lua 5.2"},
}

// deliberate says why ours may differ from Lua 5.1; empty when it may not.
func deliberate(function, ours, answer string) string {
	for _, d := range differences {
		if slices.Contains(d.functions, function) && d.ours.MatchString(ours) && d.lua.MatchString(answer) {
			return d.why
		}
	}
	return ""
}

func TestDifferences(t *testing.T) {
	oracle := startOracle(t)
	for _, f := range functions {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			var cases []string
			for _, data := range inventions(*casesOfEach) {
				cases = append(cases, f.make(from(data)))
			}
			slices.Sort(cases)
			cases = slices.Compact(cases)
			ours, theirs := runOurs(t, cases), runTheirs(t, cases)
			known := readAnswers(t, f.golden())
			if oracle != nil {
				known = map[string]string{}
				for i, c := range cases {
					if answer := oracle.ask(t, c); !same(ours[i], theirs[i]) || !same(answer, ours[i]) {
						known[c] = answer
					}
				}
			}
			if oracle != nil && *update {
				writeAnswers(t, f.golden(), known)
			}
			failed := 0
			for i, c := range cases {
				if p := verdict(f.name, c, ours[i], theirs[i], known); p != "" {
					if failed++; failed <= 20 {
						t.Error(p)
					}
				}
			}
			t.Logf("%d cases, %d not as gopher-lua, %d wrong", len(cases), len(known), failed)
		})
	}
}

// Nothing is added to the libraries without being compared.
func TestEveryFunctionIsCompared(t *testing.T) {
	compared := map[string]bool{}
	for _, f := range functions {
		compared[f.name] = true
	}
	for _, name := range strings.Fields(`xpcall coroutine.resume coroutine.running coroutine.status coroutine.yield`) {
		compared[name] = true // together with others
	}
	for _, name := range strings.Fields(`print require string.dump string.gfind`) {
		compared[name] = true // Lua's writes elsewhere, is about files, makes bytecode, is gmatch
	}
	v := newVM(t, "return { events = { MESSAGE_CREATE = function() end } }")
	v.Run(t.Context(), input(t, "{}", &world{}))
	v.l.G.Global.ForEach(func(k, value lua.LValue) {
		switch value := value.(type) {
		case *lua.LFunction:
			if !compared[k.String()] {
				t.Errorf("%s is not compared", k)
			}
		case *lua.LTable:
			value.ForEach(func(name, f lua.LValue) {
				if full := k.String() + "." + name.String(); f.Type() == lua.LTFunction && k.String() != "_G" && !compared[full] {
					t.Errorf("%s is not compared", full)
				}
			})
		}
	})
}

// FuzzDifferences looks for more. Without an interpreter, of a difference that is not in testdata/lua51 can only be known that the run goes on
// and that the next one says the same.
func FuzzDifferences(f *testing.F) {
	for i := range functions {
		for _, data := range inventions(3) {
			f.Add(append([]byte{byte(i)}, data...))
		}
	}
	oracle := startOracle(f)
	known := map[string]map[string]string{}
	for _, fn := range functions {
		known[fn.name] = readAnswers(f, fn.golden())
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) == 0 {
			return
		}
		fn := functions[int(data[0])%len(functions)]
		text := fn.make(from(data[1:]))
		ours, theirs := runOurs(t, []string{text})[0], runTheirs(t, []string{text})[0]
		answers := known[fn.name]
		if oracle != nil {
			answers = map[string]string{text: oracle.ask(t, text)}
		} else if _, ok := answers[text]; !ok && !same(ours, theirs) {
			if again := runOurs(t, []string{text})[0]; again != ours || strings.HasPrefix(ours, ended) {
				t.Errorf("%s\n   %s\n   and again: %s", text, ours, again)
			}
			return
		}
		if p := verdict(fn.name, text, ours, theirs, answers); p != "" {
			t.Error(p)
		}
	})
}

// golden is the file of what Lua 5.1 answered.
func (f function) golden() string {
	return filepath.Join("testdata", "lua51", strings.ReplaceAll(f.name, " ", "-")+".txt")
}

// inventions are what n cases of a function are made of, the same each time.
func inventions(n int) (all [][]byte) {
	random := rand.New(rand.NewPCG(5, 1))
	for range n {
		data := make([]byte, 96)
		for i := range data {
			data[i] = byte(random.Uint32())
		}
		all = append(all, data)
	}
	return all
}

// from decides with one byte after another, and with zeros when there are no more.
func from(data []byte) choices {
	return choices{func(n int) int {
		if len(data) == 0 {
			return 0
		}
		b := data[0]
		data = data[1:]
		return int(b) % n
	}}
}

// same compares outcomes. Lua 5.1 and gopher-lua take the name of a function that failed from the code that called it, and have none where that
// is no Lua function; ours know their names.
func same(x, y string) bool {
	if strings.Contains(x, nameless) || strings.Contains(y, nameless) {
		x, y = quoted.ReplaceAllString(x, nameless), quoted.ReplaceAllString(y, nameless)
	}
	return x == y
}

const nameless = "to '?' ("

var quoted = regexp.MustCompile(`to '[^']*' \(`)

// verdict says what is wrong with ours.
func verdict(function, text, ours, theirs string, known map[string]string) string {
	answer, asked := known[text]
	switch {
	case asked && same(ours, answer), !asked && same(ours, theirs), asked && deliberate(function, ours, answer) != "":
		return ""
	case asked:
		return fmt.Sprintf("%s\n   ours:       %s\n   Lua 5.1:    %s\n   gopher-lua: %s", text, ours, answer, theirs)
	}
	return fmt.Sprintf("%s\n   ours:       %s\n   gopher-lua: %s\n   Lua 5.1 was not asked; do that with %s=<interpreter>", text, ours, theirs, oracleVariable)
}

// readAnswers reads what Lua 5.1 answered: lines of a case, a tab and an outcome.
func readAnswers(t testing.TB, file string) map[string]string {
	data, err := os.ReadFile(file)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	answers := map[string]string{}
	for line := range strings.Lines(string(data)) {
		if text, outcome, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "\t"); ok {
			answers[text] = outcome
		}
	}
	return answers
}

func writeAnswers(t testing.TB, file string, answers map[string]string) {
	var lines []string
	for text, outcome := range answers {
		lines = append(lines, text+"\t"+outcome+"\n")
	}
	slices.Sort(lines)
	err := os.WriteFile(file, []byte(strings.Join(lines, "")), 0o644)
	if len(lines) == 0 {
		err = os.Remove(file)
	}
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
}

// batch is how many cases one machine runs.
const batch = 50

// ended begins the outcome of a case that its machine did not survive.
const ended = "ended: "

// runAll runs cases in batches. A case that ends its machine has the reason as its outcome, and a new machine goes on behind it.
func runAll(cases []string, run func(cases []string, seen *observer) error) (outcomes []string) {
	for chunk := range slices.Chunk(cases, batch) {
		for len(chunk) > 0 {
			var seen observer
			if err := run(chunk, &seen); err != nil {
				seen.outcomes = append(seen.outcomes[:max(len(seen.outcomes)-1, 0)], ended+err.Error())
			}
			outcomes = append(outcomes, seen.outcomes...)
			chunk = chunk[len(seen.outcomes):]
		}
	}
	return outcomes
}

// runOurs runs cases in the sandbox and returns what each observed.
func runOurs(t testing.TB, cases []string) []string {
	t.Helper()
	return runAll(cases, func(cases []string, seen *observer) error {
		v := newVM(t, "return { events = { MESSAGE_CREATE = function() run() end } }")
		for name, f := range seen.functions() {
			v.l.G.Global.RawSetString(name, v.l.NewFunction(f))
		}
		compiled, bad := source.Compile("case", program(cases), source.Limits{Bytes: 1 << 20, Functions: 10_000})
		if bad != nil {
			t.Fatalf("%s\n%s", bad, program(cases))
		}
		v.l.G.Global.RawSetString("run", v.l.NewFunctionFromProto(compiled.Proto))
		in := input(t, "{}", &world{})
		in.Limits.Instructions, in.Limits.Wall = 1e7, time.Minute
		switch res := v.Run(t.Context(), in); {
		case res.Err != nil:
			return res.Err
		case res.Failure != nil:
			return errors.New(res.Failure.Message)
		}
		return nil
	})
}

// runTheirs runs cases in gopher-lua with its own libraries.
func runTheirs(t testing.TB, cases []string) []string {
	t.Helper()
	return runAll(cases, func(cases []string, seen *observer) error {
		l := lua.NewState()
		defer l.Close()
		for name, f := range seen.functions() {
			l.SetGlobal(name, l.NewFunction(f))
		}
		l.SetGlobal("print", l.NewFunction(func(*lua.LState) int { return 0 }))
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		l.SetContext(ctx)
		fn, err := l.Load(strings.NewReader(program(cases)), "case")
		if err != nil {
			t.Fatalf("%s\n%s", err, program(cases))
		}
		l.Push(fn)
		err = l.PCall(0, 0, nil)
		for i, outcome := range seen.outcomes {
			seen.outcomes[i] = ownWords.ReplaceAllString(anonymous.ReplaceAllString(outcome, "bad argument #$1 "+nameless), `bad argument #$1 to '$2' (`)
		}
		if err != nil {
			return errors.New("gopher-lua broke down")
		}
		return nil
	})
}

// How gopher-lua begins an error: without Lua's quotes, and with a place also where no Lua function called.
var (
	ownWords  = regexp.MustCompile(`bad argument #(\d+) to (\w+) \(`)
	anonymous = regexp.MustCompile(`case: bad argument #(\d+) to \(anonymous\) \(`)
)

// program is the chunk for some cases, one on each line.
func program(cases []string) string {
	var b strings.Builder
	for _, c := range cases {
		fmt.Fprintf(&b, "begin() do %s end\n", c)
	}
	return b.String()
}

// observer keeps what cases show.
type observer struct{ outcomes []string }

func (o *observer) functions() map[string]lua.LGFunction {
	return map[string]lua.LGFunction{
		"begin": func(*lua.LState) int {
			o.outcomes = append(o.outcomes, "")
			return 0
		},
		"observe": func(l *lua.LState) int {
			last := &o.outcomes[len(o.outcomes)-1]
			if *last != "" {
				*last += "; "
			}
			*last += showAll(l)
			return 0
		},
		"near": func(l *lua.LState) int {
			for i := 1; i <= l.GetTop(); i++ {
				if n, ok := l.Get(i).(lua.LNumber); ok {
					l.Replace(i, lua.LString(showNumber(float64(n), "%.12g")))
				}
			}
			return l.GetTop()
		},
	}
}

func showAll(l *lua.LState) string {
	var parts []string
	for i := 1; i <= l.GetTop(); i++ {
		parts = append(parts, show(l.Get(i), 3))
	}
	return strings.Join(parts, " ")
}

// show writes a value so that equal values look equal in all three interpreters.
func show(v lua.LValue, depth int) string {
	switch v := v.(type) {
	case lua.LNumber:
		return showNumber(float64(v), "%.17g")
	case lua.LString:
		return showText(string(v))
	case *lua.LTable:
		if depth == 0 {
			return "{…}"
		}
		var parts []string
		for k, x := v.Next(lua.LNil); k != lua.LNil; k, x = v.Next(k) {
			parts = append(parts, show(k, depth-1)+"="+show(x, depth-1))
		}
		slices.Sort(parts)
		return "{" + strings.Join(parts, ",") + "}"
	case lua.LBool, *lua.LNilType:
		return v.String()
	}
	return v.Type().String()
}

func showNumber(f float64, format string) string {
	switch {
	case math.IsNaN(f):
		return "nan"
	case math.IsInf(f, 0):
		return strings.TrimPrefix(fmt.Sprint(f), "+")
	}
	return fmt.Sprintf(format, f)
}

var (
	place   = regexp.MustCompile(`\bcase:\d+:`)
	address = regexp.MustCompile(`\b(function|table|thread|userdata): (0x)?[0-9a-f]+`)
)

// showText quotes a text. Where a case stands does not matter, but whether an error says so; nor does the address of an object.
func showText(s string) string {
	var b strings.Builder
	for _, c := range []byte(address.ReplaceAllString(place.ReplaceAllString(s, "case:"), "$1: address")) {
		if c < ' ' || c > '~' || c == '"' || c == '\\' {
			fmt.Fprintf(&b, `\%03d`, c)
		} else {
			b.WriteByte(c)
		}
	}
	return `"` + b.String() + `"`
}

// oracle is a Lua 5.1 interpreter that answers one case after another.
type oracle struct {
	one sync.Mutex
	in  io.Writer
	out *bufio.Reader
}

func startOracle(t testing.TB) *oracle {
	t.Helper()
	path := os.Getenv(oracleVariable)
	if path == "" {
		return nil
	}
	cmd := exec.CommandContext(t.Context(), path, filepath.Join("testdata", "lua51", "oracle.lua"))
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		cmd.Wait()
	})
	return &oracle{in: in, out: bufio.NewReader(out)}
}

func (o *oracle) ask(t testing.TB, text string) string {
	t.Helper()
	o.one.Lock()
	defer o.one.Unlock()
	if _, err := fmt.Fprintln(o.in, "do "+text+" end"); err != nil {
		t.Fatal(err)
	}
	line, err := o.out.ReadString('\n')
	if err != nil {
		t.Fatalf("Lua 5.1 ended at %s: %v", text, err)
	}
	return strings.TrimSuffix(line, "\n")
}
