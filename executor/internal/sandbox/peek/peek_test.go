package peek

import (
	"testing"

	lua "github.com/yuin/gopher-lua"
)

func TestTwinsMatch(t *testing.T) {
	if err := Check(); err != nil {
		t.Fatal(err)
	}
}

func TestReadsWhatLuaKeeps(t *testing.T) {
	l := lua.NewState()
	defer l.Close()
	seen := false
	l.SetGlobal("look", l.NewFunction(func(l *lua.LState) int {
		seen = true
		frame := OfState(l).CurrentFrame
		if !frame.Fn.IsG || frame.Parent == nil || frame.Parent.Fn.IsG {
			t.Errorf("current frame: %+v", frame)
		}
		caller := frame.Parent
		if op := caller.Fn.Proto.Code[caller.Pc-1] >> 26; int(op) != lua.OP_CALL {
			t.Errorf("the caller is at opcode %d, want OP_CALL", op)
		}
		if OfState(l).Reg.State() != OfState(l) {
			t.Error("the stack belongs to another thread")
		}
		tb := OfTable(l.CheckTable(1))
		if len(tb.Array) != 3 || len(tb.Strdict) != 1 || len(tb.Keys) != 1 || tb.Metatable != lua.LNil {
			t.Errorf("table: %+v", tb)
		}
		if v := OfUpvalue(caller.Fn.Upvalues[0]); v.Closed || v.Reg.Array[v.Index] != lua.LString("up") {
			t.Errorf("upvalue: %+v", v)
		}
		return 0
	}))
	if err := l.DoString(`local up = "up"; (function() look({1, 2, 3, x = 1}); return up end)()`); err != nil {
		t.Fatal(err)
	}
	if !seen {
		t.Fatal("look was not called")
	}
}
