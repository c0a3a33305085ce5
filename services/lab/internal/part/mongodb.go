package part

import (
	"context"
	"fmt"
	"io"
	"net"
	"strconv"
	"time"

	"antiraid/shared/natsd"
)

// StartMongoDB starts a server that speaks MongoDB's protocol on a folder and waits until it accepts connections.
func StartMongoDB(ctx context.Context, dir string, log io.Writer) (p *Process, uri string, err error) {
	port, err := natsd.FreePort()
	if err != nil {
		return nil, "", err
	}
	p, err = Start(Config{Part: MongoDB, Settings: map[string]string{"dir": dir, "port": strconv.Itoa(port)}, Log: log})
	if err != nil {
		return nil, "", err
	}
	addr := net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	if err := p.accepts(ctx, addr, 30*time.Second); err != nil {
		p.Kill()
		return nil, "", err
	}
	return p, "mongodb://" + addr + "/", nil
}

// accepts waits until the process accepts connections.
func (p *Process) accepts(ctx context.Context, addr string, within time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	for tick := time.Tick(20 * time.Millisecond); ; {
		conn, err := new(net.Dialer).DialContext(ctx, "tcp", addr)
		if err == nil {
			return conn.Close()
		}
		select {
		case <-p.Done():
			return fmt.Errorf("wait for %s on %s: it has ended", p.Name, addr)
		case <-ctx.Done():
			return fmt.Errorf("wait for %s on %s: %w", p.Name, addr, ctx.Err())
		case <-tick:
		}
	}
}
