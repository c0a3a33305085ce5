package natsd_test

import (
	"log/slog"
	"net"
	"strings"
	"testing"

	"antiraid/shared/natsd"
)

func TestAPortThatCannotBeHadIsNamedWithItsReason(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for port, inUse := range map[int]bool{taken.Addr().(*net.TCPAddr).Port: true, 70_000: false} {
		_, err := natsd.Start(t.TempDir(), port, slog.New(slog.DiscardHandler))
		if err == nil || strings.Contains(err.Error(), "is in use") != inUse || !strings.Contains(err.Error(), "--nats-port") {
			t.Errorf("port %d gave %v", port, err)
		}
	}
}
