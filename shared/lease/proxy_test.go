package lease

import (
	"net"
	"net/url"
	"sync"
	"testing"
)

// proxy stands between one member and its server and can hold back what goes either way. What it holds back it delivers later, as a
// network or a stopped process does.
type proxy struct {
	url      string
	up, down gate // client to server, server to client
}

// gate lets bytes through while it is open.
type gate struct {
	mu   sync.Mutex
	cond *sync.Cond
	shut bool
}

func (g *gate) set(shut bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.shut = shut
	g.cond.Broadcast()
}

func (g *gate) pass() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for g.shut {
		g.cond.Wait()
	}
}

func (p *proxy) freeze() { p.up.set(true); p.down.set(true) }

func (p *proxy) thaw() { p.up.set(false); p.down.set(false) }

func startProxy(t *testing.T, server string) *proxy {
	t.Helper()
	target, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{url: "nats://" + listener.Addr().String()}
	p.up.cond, p.down.cond = sync.NewCond(&p.up.mu), sync.NewCond(&p.down.mu)
	var running sync.WaitGroup
	running.Go(func() { p.accept(listener, target.Host, &running) })
	t.Cleanup(func() {
		listener.Close()
		p.thaw()
		running.Wait()
	})
	return p
}

func (p *proxy) accept(listener net.Listener, target string, running *sync.WaitGroup) {
	for {
		client, err := listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", target)
		if err != nil {
			client.Close()
			continue
		}
		running.Go(func() { p.copy(server, client, &p.up) })
		running.Go(func() { p.copy(client, server, &p.down) })
	}
}

func (p *proxy) copy(to, from net.Conn, g *gate) {
	defer to.Close()
	defer from.Close()
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		g.pass()
		if _, failed := to.Write(buffer[:n]); failed != nil || err != nil {
			return
		}
	}
}
