// Package natsd is a nats-server with JetStream inside this process, its files in a folder.
//
// What it has acknowledged survives the process's end, kill -9 included. A power cut may cost the last [SyncInterval] before it.
package natsd

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"syscall"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// SyncInterval is how often what was written is forced onto the disk. The server's own default is two minutes; every write
// (sync_interval: always) would cost a factor of 13 to 35 in throughput.
const SyncInterval = 5 * time.Second

// ready is how long the server may take to read its files.
const ready = 30 * time.Second

// Server is a server that runs.
type Server struct{ server *server.Server }

// Start listens on 127.0.0.1 and a port (0: a free one) and keeps its files in dir. The caller must Close the server.
func Start(dir string, port int, log *slog.Logger) (*Server, error) {
	if port == 0 {
		port = server.RANDOM_PORT
	} else if err := free(port); err != nil {
		return nil, err
	}
	s, err := server.NewServer(&server.Options{
		ServerName: "antiraid", Host: "127.0.0.1", Port: port, NoSigs: true,
		JetStream: true, StoreDir: dir, SyncInterval: SyncInterval, JetStreamMaxMemory: 256 << 20, JetStreamMaxStore: 64 << 30,
	})
	if err != nil {
		return nil, fmt.Errorf("start nats-server: %w", err)
	}
	told := &teller{log: log.With("part", "nats-server")}
	s.SetLoggerV2(told, false, false, false)
	s.Start()
	if !s.ReadyForConnections(ready) {
		s.Shutdown()
		if why := told.fatal(); why != "" {
			return nil, fmt.Errorf("start nats-server with data in %s: %s", dir, why)
		}
		return nil, fmt.Errorf("start nats-server with data in %s: it was not ready within %s", dir, ready)
	}
	return &Server{s}, nil
}

// free refuses a port that cannot be listened on: the server itself would only write it to its log.
func free(port int) error {
	l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil && !errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("start nats-server: %w; choose another port with --nats-port (0: a free one)", err)
	}
	if err != nil {
		return fmt.Errorf("start nats-server: port %d of 127.0.0.1 is in use; choose another one with --nats-port (0: a free one), or use the server that is there with ANTIRAID_NATS_URL=nats://127.0.0.1:%d", port, port)
	}
	return l.Close()
}

// URL is the address that clients connect to.
func (s *Server) URL() string { return s.server.ClientURL() }

// Close ends the connections, writes what is not on the disk yet, and waits for the end.
func (s *Server) Close() {
	s.server.Shutdown()
	s.server.WaitForShutdown()
}

// FreePort is a port of 127.0.0.1 that nobody listened on a moment ago.
func FreePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}
