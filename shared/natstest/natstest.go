// Package natstest starts a real nats-server with JetStream inside a test: a few milliseconds, files in the test's own folder.
package natstest

import (
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"antiraid/shared/bus"
)

// Start runs a server on a free port of 127.0.0.1 until the test ends, and returns its address.
func Start(t testing.TB) string {
	t.Helper()
	return Run(t, t.TempDir(), -1).ClientURL()
}

// Run starts a server on a folder and a port (-1: a free one), for tests that stop and start it.
func Run(t testing.TB, dir string, port int) *server.Server {
	t.Helper()
	s := begin(t, options(dir, port))
	await(t, s)
	return s
}

// Cluster runs three servers that replicate to each other until the test ends. They elect their leaders while somebody connects.
func Cluster(t testing.TB) []*server.Server {
	t.Helper()
	ports := freePorts(t, 3)
	var servers []*server.Server
	for i, port := range ports {
		o := options(t.TempDir(), server.RANDOM_PORT)
		o.ServerName = fmt.Sprintf("n%d", i)
		o.Cluster = server.ClusterOpts{Name: "test", Host: "127.0.0.1", Port: port}
		for _, p := range ports {
			o.Routes = append(o.Routes, &url.URL{Scheme: "nats", Host: fmt.Sprintf("127.0.0.1:%d", p)})
		}
		servers = append(servers, begin(t, o))
	}
	for _, s := range servers {
		await(t, s)
	}
	return servers
}

// freePorts are ports that nobody listened on a moment ago.
func freePorts(t testing.TB, n int) []int {
	t.Helper()
	var ports []int
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close() // not before all are known
		ports = append(ports, l.Addr().(*net.TCPAddr).Port)
	}
	return ports
}

func options(dir string, port int) *server.Options {
	return &server.Options{
		Host: "127.0.0.1", Port: port, JetStream: true, StoreDir: dir, NoSigs: true, NoLog: true,
		JetStreamMaxMemory: 256 << 20, JetStreamMaxStore: 64 << 30,
	}
}

func begin(t testing.TB, o *server.Options) *server.Server {
	t.Helper()
	s, err := server.NewServer(o)
	if err != nil {
		t.Fatalf("make a nats-server: %v", err)
	}
	s.Start()
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	return s
}

func await(t testing.TB, s *server.Server) {
	t.Helper()
	if !s.ReadyForConnections(10 * time.Second) {
		t.Fatal("nats-server was not ready within 10 s")
	}
}

// URL is the addresses of several servers.
func URL(servers []*server.Server) string {
	var urls []string
	for _, s := range servers {
		urls = append(urls, s.ClientURL())
	}
	return strings.Join(urls, ",")
}

// AwaitCopies waits until so many servers have all of a stream, and returns the name of the one that leads it. A stream whose replicas were
// raised a moment ago is still on one server only.
func AwaitCopies(t testing.TB, b *bus.Bus, stream string, copies int) (leader string) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	end := time.After(30 * time.Second)
	for {
		s, err := b.JetStream().Stream(t.Context(), stream)
		if err == nil && s.CachedInfo().Cluster != nil {
			n := 1
			for _, r := range s.CachedInfo().Cluster.Replicas {
				if r.Current {
					n++
				}
			}
			if n >= copies && s.CachedInfo().Cluster.Leader != "" {
				return s.CachedInfo().Cluster.Leader
			}
		}
		select {
		case <-tick.C:
		case <-end:
			t.Fatalf("stream %s has no %d copies: %v", stream, copies, err)
		}
	}
}

// Connect returns a connection to the servers at url, several with commas, closed when the test ends.
func Connect(t testing.TB, url string) *bus.Bus {
	t.Helper()
	return ConnectReplicas(t, url, 1)
}

// ConnectReplicas is Connect for somebody who wants so many copies of each stream and bucket.
func ConnectReplicas(t testing.TB, url string, replicas int) *bus.Bus {
	t.Helper()
	log := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelDebug}))
	b, err := bus.Connect(t.Context(), bus.Config{URL: url, Name: t.Name(), Replicas: replicas, Wait: time.Minute}, log)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	return b
}
