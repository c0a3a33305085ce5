package sandbox

import (
	"encoding/json"
	"strings"
	"testing"

	lua "github.com/yuin/gopher-lua"

	"antiraid/executor/internal/sandbox/meter"
	"antiraid/shared/bundle"
)

// typical is a template as people write them: some checks, some text, a counter, an answer.
const typical = `
local discord = require "@antiraid/discord"
local kv      = require "@antiraid/kv"
local words   = { "spam", "scam", "free nitro" }

return {
  capabilities = { "discord:create_message", "kv:*" },
  events = {
    MESSAGE_CREATE = function(ctx, event)
      if event.author.bot then return end
      local text = event.content:lower()
      for _, word in ipairs(words) do
        if text:find(word, 1, true) then
          discord.create_message{ channel_id = event.channel_id, content = "please do not write " .. word }
          return
        end
      end
      local name, rest = text:match("^!(%w+)%s*(.*)$")
      if name == "echo" then
        discord.create_message{ channel_id = event.channel_id, content = rest .. " (" .. event.author.username .. ")" }
      end
    end,
  },
}
`

const typicalPayload = `{"type":0,"tts":false,"timestamp":"2024-01-01T00:00:00.000000+00:00","referenced_message":null,"pinned":false,"nonce":"1191000000000000000","mentions":[],"mention_roles":[],"mention_everyone":false,"member":{"roles":["1000000000000000001","1000000000000000002"],"premium_since":null,"pending":false,"nick":null,"mute":false,"joined_at":"2020-01-01T00:00:00.000000+00:00","flags":0,"deaf":false,"communication_disabled_until":null,"avatar":null},"id":"1191000000000000001","flags":0,"embeds":[],"edited_timestamp":null,"content":"!echo hello world, this is a message of a usual length","components":[],"channel_id":"1100000000000000001","author":{"username":"someone","public_flags":0,"id":"1100000000000000002","global_name":"Some One","discriminator":"0","avatar_decoration_data":null,"avatar":"0123456789abcdef0123456789abcdef"},"attachments":[],"guild_id":"1100000000000000003"}`

func BenchmarkRun(b *testing.B) {
	b.Run("bare", benchBare)
	b.Run("unmetered", benchUnmetered)
	b.Run("warm", func(b *testing.B) { benchWarm(b, typical) })
	b.Run("dirty", func(b *testing.B) { benchWarm(b, strings.Replace(typical, "local text =", "n = 1 local text =", 1)) })
	b.Run("cold", benchCold)
	b.Run("naive", benchNaive)
}

func benchWarm(b *testing.B, text string) {
	v := newVM(b, text)
	w := &world{}
	in := input(b, typicalPayload, w)
	b.ReportAllocs()
	for b.Loop() {
		w.effects = w.effects[:0]
		if res := v.Run(b.Context(), in); res.Failure != nil || res.Err != nil {
			b.Fatal(res.Failure, res.Err)
		}
	}
	if len(w.effects) != 1 {
		b.Fatal(w.effects)
	}
}

// benchCold is the first run after a deploy: the program is compiled, the machine is new.
func benchCold(b *testing.B) {
	w := &world{}
	in := input(b, typicalPayload, w)
	b.ReportAllocs()
	for b.Loop() {
		w.effects = w.effects[:0]
		v := newVM(b, typical)
		if res := v.Run(b.Context(), in); res.Failure != nil || res.Err != nil {
			b.Fatal(res.Failure, res.Err)
		}
	}
}

// plain is gopher-lua as it is, with the doors the template needs and nothing else.
func plain(b *testing.B, w *world) (l *lua.LState, handler *lua.LFunction) {
	l = lua.NewState()
	discord := l.NewTable()
	discord.RawSetString("create_message", l.NewFunction(func(l *lua.LState) int {
		data, err := json.Marshal(plainGo(l.CheckTable(1)))
		if err != nil {
			b.Fatal(err)
		}
		w.Do(b.Context(), "create_message", data, false)
		return 0
	}))
	l.SetGlobal("require", l.NewFunction(func(l *lua.LState) int {
		l.Push(discord)
		return 1
	}))
	if err := l.DoString(typical); err != nil {
		b.Fatal(err)
	}
	t := l.Get(-1).(*lua.LTable)
	l.SetTop(0)
	return l, t.RawGetString("events").(*lua.LTable).RawGetString("MESSAGE_CREATE").(*lua.LFunction)
}

func plainGo(t *lua.LTable) map[string]string {
	m := map[string]string{}
	t.ForEach(func(k, v lua.LValue) { m[k.String()] = v.String() })
	return m
}

func plainLua(l *lua.LState, x any) lua.LValue {
	switch x := x.(type) {
	case bool:
		return lua.LBool(x)
	case float64:
		return lua.LNumber(x)
	case string:
		return lua.LString(x)
	case []any:
		t := l.NewTable()
		for _, v := range x {
			t.Append(plainLua(l, v))
		}
		return t
	case map[string]any:
		t := l.NewTable()
		for k, v := range x {
			t.RawSetString(k, plainLua(l, v))
		}
		return t
	}
	return lua.LNil
}

func decoded(b *testing.B, l *lua.LState) lua.LValue {
	var payload any
	if err := json.Unmarshal([]byte(typicalPayload), &payload); err != nil {
		b.Fatal(err)
	}
	return plainLua(l, payload)
}

// benchBare calls the handler with a table that is ready.
func benchBare(b *testing.B) {
	w := &world{}
	l, handler := plain(b, w)
	event, ctx := decoded(b, l), l.NewTable()
	b.ReportAllocs()
	for b.Loop() {
		w.effects = w.effects[:0]
		if err := l.CallByParam(lua.P{Fn: handler, Protect: true}, ctx, event); err != nil {
			b.Fatal(err)
		}
	}
	if len(w.effects) != 1 {
		b.Fatal(w.effects)
	}
}

// benchNaive makes a state and decodes the whole event for every run.
func benchNaive(b *testing.B) {
	w := &world{}
	b.ReportAllocs()
	for b.Loop() {
		w.effects = w.effects[:0]
		l, handler := plain(b, w)
		if err := l.CallByParam(lua.P{Fn: handler, Protect: true}, l.NewTable(), decoded(b, l)); err != nil {
			b.Fatal(err)
		}
		l.Close()
	}
}

// benchUnmetered is a warm run without the look at every instruction.
func benchUnmetered(b *testing.B) {
	v := newVM(b, typical)
	w := &world{}
	in := input(b, typicalPayload, w)
	v.Run(b.Context(), in)
	meter.Unhook(v.l)
	b.ReportAllocs()
	for b.Loop() {
		w.effects = w.effects[:0]
		if res := v.Run(b.Context(), in); res.Failure != nil || res.Err != nil {
			b.Fatal(res.Failure, res.Err)
		}
	}
}

var _ = bundle.Entry
