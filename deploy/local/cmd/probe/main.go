// Command probe asks a server in the same container for its health, for images that hold no other program that could.
//
// The exit code is 0 when the server is well: when it answers 200 to a GET, or accepts a connection in the case of tcp://.
package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"antiraid/shared/service"
)

func main() { service.Exec(run) }

func run(ctx context.Context, args, _ []string, _, errout io.Writer) int {
	if len(args) != 1 {
		fmt.Fprintln(errout, "usage: probe http://host:port/path | tcp://host:port")
		return 2
	}
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	if err := probe(ctx, args[0]); err != nil {
		fmt.Fprintf(errout, "probe: %v\n", err)
		return 1
	}
	return 0
}

func probe(ctx context.Context, address string) error {
	u, err := url.Parse(address)
	if err != nil {
		return err
	}
	if u.Scheme == "tcp" {
		conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", u.Host)
		if err != nil {
			return err
		}
		return conn.Close()
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answered %s", address, res.Status)
	}
	return nil
}
