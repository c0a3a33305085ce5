package wire_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"antiraid/gateway/internal/wire"
	"antiraid/shared/config"
)

func TestDecode(t *testing.T) {
	for raw, want := range map[string]wire.Frame{
		`{"t":"MESSAGE_CREATE","s":42,"op":0,"d":{"id":"1"}}`: {Op: 0, Seq: 42, Type: "MESSAGE_CREATE", Data: []byte(`{"id":"1"}`)},
		` { "d" : [1, 2] , "op" : 0 , "s" : 1 , "t" : "X" } `: {Op: 0, Seq: 1, Type: "X", Data: []byte(`[1, 2]`)},
		`{"op":11}`: {Op: 11},
		`{"t":null,"s":null,"op":10,"d":{"heartbeat_interval":41250}}`: {Op: 10, Data: []byte(`{"heartbeat_interval":41250}`)},
		`{"op":9,"d":false,"more":{"op":3,"d":4}}`:                     {Op: 9, Data: []byte(`false`)},
		`{"\u006fp":7,"d":null}`:                                       {Op: 7, Data: []byte(`null`)},
		`{"op":0,"s":9007199254740992,"t":"\u0041","d":"x"}`:           {Op: 0, Seq: 1 << 53, Type: "A", Data: []byte(`"x"`)},
	} {
		got, err := wire.Decode([]byte(raw))
		if err != nil || got.Op != want.Op || got.Seq != want.Seq || got.Type != want.Type || !bytes.Equal(got.Data, want.Data) {
			t.Errorf("%s was decoded as %+v, %v", raw, got, err)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	for raw, why := range map[string]string{
		``: "JSON", `{`: "JSON", `{"op":0}}`: "JSON", `{"op":0,"d":{]}`: "JSON", "{\"op\":0,\"t\":\"\x01\"}": "JSON",
		`[]`: "object", `null`: "object", `7`: "object",
		`{}`: "op", `{"op":"0"}`: "op", `{"op":-1}`: "op", `{"op":0.5}`: "op", `{"op":256}`: "op", `{"op":null}`: "op", `{"op":1e999}`: "op",
		`{"op":0,"s":"1"}`: "sequence", `{"op":0,"s":-1}`: "sequence", `{"op":0,"s":1.5}`: "sequence", `{"op":0,"s":9007199254740994}`: "sequence", `{"op":0,"s":true}`: "sequence",
		`{"op":0,"t":7}`: "t is", `{"op":0,"t":{}}`: "t is",
		`{"op":0,"op":0}`: "twice", `{"op":0,"d":{},"d":[]}`: "twice", `{"op":0,"s":1,"s":1}`: "twice", `{"op":0,"t":"A","t":"B"}`: "twice",
	} {
		if f, err := wire.Decode([]byte(raw)); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%q was decoded as %+v, %v; want an error about %q", raw, f, err, why)
		}
	}
}

func TestDeepNestingIsRefusedBeforeItIsFollowed(t *testing.T) {
	for _, raw := range []string{strings.Repeat("[", 20<<20), `{"op":0,"d":` + strings.Repeat(`{"a":`, 5<<20), `{"d":"` + `\"` + `",` + strings.Repeat(`"x":[`, 2000)} {
		if _, err := wire.Decode([]byte(raw)); err == nil || !strings.Contains(err.Error(), "deep") {
			t.Errorf("%.20s… gave %v", raw, err)
		}
	}
	flat := `{"op":0,"s":1,"t":"X","d":[` + strings.Repeat(`{"a":["[[[\"[["]},`, 5000) + `0]}`
	if f, err := wire.Decode([]byte(flat)); err != nil || f.Seq != 1 {
		t.Errorf("much that is flat gave %+v, %v", f.Op, err)
	}
}

func TestDataIsNotCopied(t *testing.T) {
	raw := []byte(`{"op":0,"d":{"a":1}}`)
	f, err := wire.Decode(raw)
	if err != nil {
		t.Fatal(err)
	}
	if &f.Data[0] != &raw[12] {
		t.Error("data was copied")
	}
}

// FuzzDecode holds the decoder to encoding/json: what it accepts, that reads in the same way.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		`{"t":"MESSAGE_CREATE","s":42,"op":0,"d":{"id":"1"}}`, `{"op":7}`, `{"op":0,"op":1}`, `{"op":0,"d":"\ud800"}`, `{"s":1e2,"op":1}`, `{"o\u0070":0}`, `[]`, `{"op":0,"d":`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		before := bytes.Clone(raw)
		got, err := wire.Decode(raw)
		if !bytes.Equal(raw, before) {
			t.Fatal("the bytes were changed")
		}
		if err != nil {
			return
		}
		var want struct {
			Op json.Number     `json:"op"`
			S  *json.Number    `json:"s"`
			T  *string         `json:"t"`
			D  json.RawMessage `json:"d"`
		}
		var keys map[string]json.RawMessage
		if json.Unmarshal(raw, &keys) != nil {
			t.Fatalf("%q is no object", raw)
		}
		for key := range keys { // encoding/json matches keys without regard to case, Discord does not
			if k := strings.ToLower(key); k != key && (k == "op" || k == "s" || k == "t" || k == "d") || strings.Contains(key, "ſ") {
				return
			}
		}
		if err := json.Unmarshal(raw, &want); err != nil {
			t.Fatalf("%q was decoded, and encoding/json says %v", raw, err)
		}
		if want.T != nil && *want.T != got.Type && !strings.Contains(*want.T, "\ufffd") {
			t.Errorf("type %q, want %q", got.Type, *want.T)
		}
		if want.D != nil && !bytes.Equal(bytes.TrimSpace(want.D), got.Data) {
			t.Errorf("data %q, want %q", got.Data, want.D)
		}
		if n, err := want.Op.Float64(); err != nil || n != float64(got.Op) {
			t.Errorf("op %d, want %s", got.Op, want.Op)
		}
		if want.S != nil {
			if n, err := want.S.Float64(); err != nil || n != float64(got.Seq) {
				t.Errorf("seq %d, want %s", got.Seq, *want.S)
			}
		}
	})
}

func TestSaid(t *testing.T) {
	token := config.NewSecret("tok")
	if got := string(wire.SayHeartbeat(0)) + string(wire.SayHeartbeat(251)); got != `{"op":1,"d":null}{"op":1,"d":251}` {
		t.Errorf("heartbeats %s", got)
	}
	resume, err := wire.SayResume(token, "abc", 7)
	if want := `{"op":6,"d":{"token":"tok","session_id":"abc","seq":7}}`; err != nil || string(resume) != want {
		t.Errorf("resume %s, %v", resume, err)
	}
	identify, err := wire.SayIdentify(token, 513, 3, 16)
	var d struct {
		Op int `json:"op"`
		D  struct {
			Token      string            `json:"token"`
			Intents    int               `json:"intents"`
			Shard      [2]int            `json:"shard"`
			Compress   *bool             `json:"compress"`
			Properties map[string]string `json:"properties"`
		} `json:"d"`
	}
	if err != nil || json.Unmarshal(identify, &d) != nil || d.Op != 2 || d.D.Token != "tok" || d.D.Intents != 513 || d.D.Shard != [2]int{3, 16} || d.D.Compress == nil || *d.D.Compress || d.D.Properties["os"] == "" {
		t.Errorf("identify %s, %v", identify, err)
	}
	if _, err := wire.SayResume(config.NewSecret(strings.Repeat("x", wire.MaxSent)), "abc", 7); err == nil || strings.Contains(err.Error(), "xxx") {
		t.Errorf("an oversized payload gave %v", err)
	}
}

func TestAddress(t *testing.T) {
	for in, want := range map[string]string{
		"wss://gateway.discord.gg": "wss://gateway.discord.gg/?v=10&encoding=json", "ws://127.0.0.1:8/x?v=9": "ws://127.0.0.1:8/x?v=10&encoding=json",
		"https://gateway.discord.gg": "", "wss://": "", "": "", "gateway.discord.gg": "", "://": "",
	} {
		if got, err := wire.Address(in); got != want || (err == nil) != (want != "") {
			t.Errorf("%q gave %q, %v", in, got, err)
		}
	}
}

func TestReadReady(t *testing.T) {
	frame := func(session, url, user string, seq int64) wire.Frame {
		return wire.Frame{Seq: seq, Data: []byte(`{"session_id":` + session + `,"resume_gateway_url":` + url + `,"user":` + user + `}`)}
	}
	got, err := wire.ReadReady(frame(`"a-b_1"`, `"wss://x.discord.gg"`, `{"id":"81384788765712384"}`, 1))
	if want := (wire.Began{Session: "a-b_1", ResumeURL: "wss://x.discord.gg", Bot: 81384788765712384, Seq: 1}); err != nil || got != want {
		t.Errorf("read %+v, %v", got, err)
	}
	for _, bad := range []wire.Frame{
		frame(`"a.b"`, `"wss://x"`, `{"id":"1"}`, 1), frame(`""`, `"wss://x"`, `{"id":"1"}`, 1), frame(`7`, `"wss://x"`, `{"id":"1"}`, 1), frame(`"a\r\nb"`, `"wss://x"`, `{"id":"1"}`, 1),
		frame(`"`+strings.Repeat("a", 129)+`"`, `"wss://x"`, `{"id":"1"}`, 1), frame(`"a"`, `"http://x"`, `{"id":"1"}`, 1), frame(`"a"`, `null`, `{"id":"1"}`, 1),
		frame(`"a"`, `"wss://x"`, `{"id":1}`, 1), frame(`"a"`, `"wss://x"`, `[]`, 1), frame(`"a"`, `"wss://x"`, `{"id":"1"}`, 0), {Seq: 1}, {Seq: 1, Data: []byte(`[]`)},
	} {
		if got, err := wire.ReadReady(bad); err == nil {
			t.Errorf("%s was read as %+v", bad.Data, got)
		}
	}
}

func TestReadHello(t *testing.T) {
	if got, err := wire.ReadHello([]byte(`{"heartbeat_interval":41250}`)); err != nil || got != 41250*time.Millisecond {
		t.Errorf("read %s, %v", got, err)
	}
	for _, bad := range []string{``, `{}`, `[]`, `{"heartbeat_interval":0}`, `{"heartbeat_interval":-1}`, `{"heartbeat_interval":"41250"}`, `{"heartbeat_interval":1e9}`, `{"heartbeat_interval":0.5}`} {
		if got, err := wire.ReadHello([]byte(bad)); err == nil {
			t.Errorf("%s was read as %s", bad, got)
		}
	}
}

func TestFatalCloseCodesNameTheRemedy(t *testing.T) {
	for code, remedy := range map[int]string{4004: "gateway.token", 4010: "gateway.shards", 4011: "gateway.shards", 4012: "update", 4013: "gateway.intents", 4014: "developer portal"} {
		next, err := wire.Closed(code)
		if next != wire.ThenStop || err == nil || !strings.Contains(err.Error(), remedy) {
			t.Errorf("code %d: %s, %v", code, next, err)
		}
	}
	if next, err := wire.Closed(4000); next != wire.ThenResume || err != nil {
		t.Errorf("code 4000: %s, %v", next, err)
	}
}
