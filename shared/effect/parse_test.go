package effect

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"antiraid/shared/tenant"
)

func sample(t testing.TB) Effect {
	g, err := tenant.Parse("g-81384788765712384")
	if err != nil {
		t.Fatal(err)
	}
	return Effect{
		ID: ID("0.abc.1", "welcome", 0), Op: "create_message", Args: json.RawMessage(`{"channel_id":"7"}`), Tenant: g,
		Template: "welcome", Event: "0.abc.1", Bundle: 3, Created: time.Unix(1_700_000_000, 0).UTC(),
	}
}

func TestEffectsAreReadBack(t *testing.T) {
	want := sample(t)
	data, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := Parse(data); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("read %+v, %v; want %+v", got, err, want)
	}
}

func TestEffectsThatNobodyCanPerformAreRefused(t *testing.T) {
	for name, change := range map[string]func(*Effect){
		"no id":              func(e *Effect) { e.ID = "" },
		"an id with a dot":   func(e *Effect) { e.ID = "AAAAAAAAAAAAAAAAAAAAAA.>" },
		"no tenant":          func(e *Effect) { e.Tenant = tenant.ID{} },
		"no template":        func(e *Effect) { e.Template = "" },
		"template with dots": func(e *Effect) { e.Template = "a.b" },
	} {
		t.Run(name, func(t *testing.T) {
			e := sample(t)
			change(&e)
			data, err := json.Marshal(e)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := Parse(data); err == nil {
				t.Error("it was read")
			}
		})
	}
}

func TestOneMajorParameterIsOneLane(t *testing.T) {
	a, b := sample(t), sample(t)
	b.Op, b.Args = "add_reaction", json.RawMessage(`{"emoji":"x","channel_id":"7"}`)
	if a.Major() != b.Major() || a.Lane() != b.Lane() {
		t.Errorf("one channel has the majors %q and %q", a.Major(), b.Major())
	}
	b.Op = "ban"
	if b.Major() != b.Tenant.String() {
		t.Errorf("a ban's major parameter is %q", b.Major())
	}
}

func FuzzParse(f *testing.F) {
	data, err := json.Marshal(sample(f))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte(`{"id":null}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		e, err := Parse(data)
		if err != nil {
			return
		}
		if lane := e.Lane(); lane < 0 || lane >= Lanes {
			t.Fatalf("lane %d", lane)
		}
		again, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		second, err := Parse(again)
		if err != nil || second.ID != e.ID || second.Major() != e.Major() {
			t.Fatalf("%s was read again as %+v, %v", again, second, err)
		}
	})
}
