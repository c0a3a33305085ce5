package simulator_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"antiraid/services/simulator"
	"antiraid/services/simulator/simulatortest"
)

// BenchmarkDispatch is an event of 1 kB from [simulator.Simulator.Dispatch] to a client that does nothing with it.
func BenchmarkDispatch(b *testing.B) {
	s := simulatortest.Start(b, simulator.Config{HeartbeatInterval: 1 << 40})
	ws, _, err := websocket.Dial(b.Context(), strings.Replace(s.URL(), "http", "ws", 1)+"/?v=10", nil)
	if err != nil {
		b.Fatal(err)
	}
	defer ws.CloseNow()
	ws.SetReadLimit(-1)
	next := func(ctx context.Context) {
		if _, _, err := ws.Read(ctx); err != nil {
			b.Fatal(err)
		}
	}
	next(b.Context())
	identify := must(json.Marshal(map[string]any{"op": 2, "d": ident(s)}))
	if err := ws.Write(b.Context(), websocket.MessageText, identify); err != nil {
		b.Fatal(err)
	}
	next(b.Context())
	next(b.Context())
	d := json.RawMessage(fmt.Sprintf(`{"guild_id":"%d","content":%q}`, simulator.SampleGuild, strings.Repeat("x", 1000)))
	const batch = 1000
	b.SetBytes(batch * int64(len(d)))
	b.ReportAllocs()
	for b.Loop() {
		for range batch {
			s.Dispatch(simulator.SampleGuild, "MESSAGE_CREATE", d)
		}
		for range batch {
			next(b.Context())
		}
	}
	b.ReportMetric(float64(b.N*batch)/b.Elapsed().Seconds(), "events/s")
}
