package route_test

import (
	"fmt"
	"strings"
	"testing"

	"antiraid/gateway/internal/route"
)

func BenchmarkDispatch(b *testing.B) {
	data := fmt.Appendf(nil, `{"type":0,"tts":false,"content":%q,"author":{"username":"someone","id":"81384788765712384"},"mentions":[],"guild_id":"1000"}`, strings.Repeat("x", 900))
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, reason := route.Dispatch("MESSAGE_CREATE", data, bot); reason != "" {
			b.Fatal(reason)
		}
	}
}
