package values

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	lua "github.com/yuin/gopher-lua"

	"antiraid/executor/internal/sandbox/meter"
	"antiraid/shared/run"
)

func machine(t testing.TB) (*lua.LState, *meter.Meter) {
	l := lua.NewState(lua.Options{SkipOpenLibs: true})
	m := meter.New(l)
	limits := run.DefaultLimits()
	limits.Wall = time.Hour
	m.Start(t.Context(), time.Now(), limits, run.Usage{})
	return l, m
}

func encode(m *meter.Meter, v lua.LValue) (string, error) {
	data, err := Encode(m, v, Bounds{Bytes: 1 << 20, Depth: 20})
	return string(data), err
}

func TestRoundTrip(t *testing.T) {
	_, m := machine(t)
	for _, test := range []struct{ in, out string }{
		{`{"a":1,"b":[1,2.5,-3e-7],"c":"x\u00e9\n\"","d":true,"e":{}}`, `{"a":1,"b":[1,2.5,-3e-07],"c":"xé\n\"","d":true,"e":{}}`},
		{`[]`, `[]`}, {`{}`, `{}`}, {`[[],{}]`, `[[],{}]`}, {`null`, `null`}, {`[null,1]`, `[null,1]`}, {`{"a":null}`, `{}`},
		{` [ 1 , 2 ] `, `[1,2]`}, {`"\ud83d\ude00\ud800x"`, "\"😀\ufffdx\""}, {`9007199254740993`, `9007199254740992`}, {`1e21`, `1e+21`}, {`-0`, `0`},
		{`"\b\f\r\t\/\\"`, `"\u0008\u000c\r\t/\\"`}, {"\"\xff\"", `"\ufffd"`}, {`{"a":1,"a":2}`, `{"a":2}`},
		{`{"a":1,"a":null}`, `{}`}, {`{"a":1,"b":2,"a":null,"a":3}`, `{"a":3,"b":2}`}, {`{"a":null,"a":1}`, `{"a":1}`}, {`"<&>"`, `"<&>"`},
	} {
		v, err := Decode(m, []byte(test.in), 20)
		if err != nil {
			t.Errorf("%s: %v", test.in, err)
			continue
		}
		if got, err := encode(m, v); got != test.out || err != nil {
			t.Errorf("%s became %s (%v), want %s", test.in, got, err, test.out)
		}
	}
}

func TestRefusesWhatIsNotJSON(t *testing.T) {
	_, m := machine(t)
	for in, want := range map[string]string{
		``: "the text ends where a value is expected at character 1", `{`: "a name in quotes", `{"a"}`: "':'", `{"a":1,}`: "a name in quotes", `[1,]`: "a value",
		`01`: "a number", `1.`: "a digit", `1e`: "a digit", `"a`: "inside a string", `"\x"`: "escape sequence", `"\u12"`: "hexadecimal", "\"\n\"": "control character",
		`tru`: "a value", `[1] x`: "'x' where the end is expected at character 5", `1e999`: "too large", `nul`: "a value", `+1`: "a value", `[1 2]`: "',' or ']'",
		strings.Repeat("[", 21): "nested more than 20 deep",
	} {
		if _, err := Decode(m, []byte(in), 20); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.30s: %v, want %s", in, err, want)
		}
	}
}

func TestEncodeSaysWhatAndWhere(t *testing.T) {
	l, m := machine(t)
	deep := NewTable(0, 0)
	deep.RawSetInt(1, deep)
	for _, test := range []struct {
		lua    func() lua.LValue
		want   string
		budget string
	}{
		{func() lua.LValue { return lua.LNumber(math.NaN()) }, "the value is NaN", ""},
		{func() lua.LValue { return lua.LNumber(math.Inf(-1)) }, "the value is -Inf", ""},
		{func() lua.LValue { return deep }, "nested more than 20 deep", "depth"},
		{func() lua.LValue { return lua.LString(strings.Repeat("x", 2<<20)) }, "more than 1048576 bytes", "value_bytes"},
		{func() lua.LValue {
			t := NewTable(0, 0)
			inner := NewTable(0, 0)
			inner.RawSetString("title", l.NewFunction(func(*lua.LState) int { return 0 }))
			list := NewTable(0, 0)
			list.Append(inner)
			t.RawSetString("embeds", list)
			return t
		}, "the value at .embeds[1].title is a function", ""},
		{func() lua.LValue {
			t := NewTable(0, 0)
			t.Append(lua.LTrue)
			t.RawSetString("x", lua.LTrue)
			return t
		}, "the value has both items and named fields", ""},
		{func() lua.LValue {
			t := NewTable(0, 0)
			t.RawSet(lua.LNumber(0), lua.LTrue)
			return t
		}, "the value has the key 0, which is no text", ""},
	} {
		_, err := encode(m, test.lua())
		e, ok := err.(*EncodeError)
		if !ok || !strings.Contains(err.Error(), test.want) || e.Budget != test.budget {
			t.Errorf("%v, want %s", err, test.want)
		}
	}
	if _, err := Encode(m, lua.LNumber(1311982746238746123), Bounds{Bytes: 100, Depth: 1, IDs: true}); err == nil || !strings.Contains(err.Error(), "write ids as strings") {
		t.Errorf("an id as a number: %v", err)
	}
}

// What counts is the JSON, with the escapes that a text needs.
func TestEncodedBytesCount(t *testing.T) {
	l, m := machine(t)
	list := NewTable(0, 0)
	list.RawSetInt(1, lua.LString("abc"))
	for _, test := range []struct {
		v    lua.LValue
		size int
	}{
		{lua.LString("abc"), 5}, {lua.LString("\"\\\n"), 8}, {lua.LString("\x01\x02"), 14}, {lua.LString("\xff\xfe"), 14}, {lua.LString("<&>é"), 7}, {list, 7},
		{lua.LNumber(12345), 5}, {lua.LTrue, 4},
	} {
		data, err := Encode(m, test.v, Bounds{Bytes: test.size, Depth: 5})
		if err != nil || len(data) != test.size {
			t.Errorf("%s is %d bytes, want %d: %v", data, len(data), test.size, err)
		}
		_, err = Encode(m, test.v, Bounds{Bytes: test.size - 1, Depth: 5})
		if e, ok := err.(*EncodeError); !ok || e.Budget != "value_bytes" {
			t.Errorf("%s inside of %d bytes: %v", data, test.size-1, err)
		}
	}
	l.Close()
}

func TestLazyTable(t *testing.T) {
	l, m := machine(t)
	z := NewLazies(m)
	payload := `{"content":"hi","author":{"id":"1","tags":["a","b"]},"n":null,"\u0061scii":7,"dup":1,"dup":2,"gone":1,"gone":null,"list":[{"x":1},[]]}`
	source, err := z.Payload([]byte(payload), 20)
	if err != nil {
		t.Fatal(err)
	}
	table := func() *lua.LTable { return z.Table(m, source) }
	event := table()
	for path, want := range map[string]string{
		"content": `"hi"`, "author.id": `"1"`, "author.tags": `["a","b"]`, "n": "null", "ascii": "7", "dup": "2", "gone": "null", "none": "null", "list": `[{"x":1},[]]`,
	} {
		var v lua.LValue = event
		for _, step := range strings.Split(path, ".") {
			v = l.GetField(v, step)
		}
		if got, err := encode(m, v); got != want || err != nil {
			t.Errorf("%s is %s (%v), want %s", path, got, err, want)
		}
	}
	event = table()
	l.GetField(event, "dup") // is first now
	if got, _ := encode(m, event); got != `{"dup":2,"content":"hi","author":{"id":"1","tags":["a","b"]},"ascii":7,"list":[{"x":1},[]]}` {
		t.Error(got)
	}
	if event.Metatable != lua.LNil {
		t.Error("a filled table is still lazy")
	}
}

func TestPayloadMustBeAnObject(t *testing.T) {
	_, m := machine(t)
	for _, in := range []string{``, `[]`, `null`, `{"a":1`, `{"a":1}}`, `{"a":{"b":tru}}`, "{\"a\":\"\x01\"}", `{"a":` + strings.Repeat("[", 200)} {
		if _, err := NewLazies(m).Payload([]byte(in), 100); err == nil {
			t.Errorf("%.20s was taken", in)
		}
	}
}

// FuzzDecode holds our reader to encoding/json's, and our writer to our reader.
func FuzzDecode(f *testing.F) {
	for _, s := range []string{`{"a":[1,2.5e3,"x\u00e9"],"b":null}`, `"\ud83d\ude00"`, `[[],{}]`, `-0.0`, `1e308`, `{"":0}`, "\"\xff\"", `{"a":{"b":{"c":[]}}}`, `"\ud800\u0041"`,
		`{"0":["0000"],"0":null}`, `{"a":null,"a":1,"a":null,"b":{"c":1,"c":null}}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 5000 {
			return
		}
		_, m := machine(t)
		v, err := Decode(m, data, 100)
		var want any
		wantErr := json.Unmarshal(data, &want)
		if (err == nil) != (wantErr == nil) {
			if err != nil && strings.Contains(err.Message, "nested") {
				return
			}
			t.Fatalf("%q: %v, encoding/json says %v", data, err, wantErr)
		}
		z := NewLazies(m)
		if source, payloadErr := z.Payload(data, 100); payloadErr == nil {
			lazy, err := Encode(m, z.Table(m, source), Bounds{Bytes: 1 << 20, Depth: 200})
			eager, _ := Encode(m, v, Bounds{Bytes: 1 << 20, Depth: 200})
			if string(lazy) != string(eager) {
				t.Fatalf("%q: lazy %s (%v), eager %s", data, lazy, err, eager)
			}
		} else if _, isObject := want.(map[string]any); isObject && err == nil {
			t.Fatalf("%q: no payload: %v", data, payloadErr)
		}
		if err != nil {
			return
		}
		text, encodeErr := Encode(m, v, Bounds{Bytes: 1 << 20, Depth: 200})
		if encodeErr != nil {
			t.Fatalf("%q: %v", data, encodeErr)
		}
		var got any
		if err := json.Unmarshal(text, &got); err != nil {
			t.Fatalf("%q became %s: %v", data, text, err)
		}
		if want = trim(want); !reflect.DeepEqual(got, want) {
			t.Fatalf("%q became %s", data, text)
		}
	})
}

// trim takes out what Lua cannot hold: fields that are null, and the sign of zero.
func trim(v any) any {
	switch v := v.(type) {
	case float64:
		return v + 0
	case []any:
		for i := range v {
			v[i] = trim(v[i])
		}
	case map[string]any:
		for k, x := range v {
			if x == nil {
				delete(v, k)
			} else {
				v[k] = trim(x)
			}
		}
	}
	return v
}

func BenchmarkPayload(b *testing.B) {
	_, m := machine(b)
	z := NewLazies(m)
	payload := []byte(fmt.Sprintf(`{"content":%q,"author":{"id":"123456789012345678","username":"someone","bot":false},"id":"1","channel_id":"2","guild_id":"3","mentions":[],"embeds":[{"title":%q}],"timestamp":"2024-01-01T00:00:00.000000+00:00"}`, strings.Repeat("hello ", 40), strings.Repeat("x", 400)))
	b.SetBytes(int64(len(payload)))
	for b.Loop() {
		if _, err := z.Payload(payload, 100); err != nil {
			b.Fatal(err)
		}
	}
}
