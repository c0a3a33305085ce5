package pipeline

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"antiraid/services/lab/internal/part"
	"antiraid/shared/subject"
)

// raw is the yardstick: the same messages through JetStream to a plain ordered consumer that does nothing with them.
type raw struct {
	server *part.Process
	nc     *nats.Conn
	js     jetstream.JetStream
}

func dialRaw(server *part.Process, url string) (*raw, error) {
	nc, err := nats.Connect(url, nats.Name("raw consumer"))
	if err != nil {
		return nil, fmt.Errorf("connect to %s: %w", url, err)
	}
	js, err := jetstream.New(nc)
	if err != nil {
		return nil, fmt.Errorf("connect to %s: %w", url, err)
	}
	return &raw{server, nc, js}, nil
}

func (r *raw) close() { r.nc.Close() }

// prefetch is how many messages the consumer may have asked for: as many as the executor's reader.
const prefetch = 2048

// passage is what a phase saw.
type passage struct {
	events    int
	elapsed   time.Duration   // first publish → last event through
	cpu       time.Duration   // of server, publisher and this process
	latencies []time.Duration // publish → through, of those that were looked at
}

func (p passage) rate() float64     { return float64(p.events) / p.elapsed.Seconds() }
func (p passage) perEvent() float64 { return float64(p.cpu.Microseconds()) / float64(p.events) }

// measure publishes and consumes what the order says.
func (r *raw) measure(ctx context.Context, o order) (passage, error) {
	want := o.Events + len(o.ofPartition())
	consumer, err := r.js.OrderedConsumer(ctx, subject.Events, jetstream.OrderedConsumerConfig{DeliverPolicy: jetstream.DeliverNewPolicy})
	if err != nil {
		return passage{}, fmt.Errorf("consume: %w", err)
	}
	seen := passage{latencies: make([]time.Duration, 0, want)}
	all := make(chan time.Time, 1)
	consuming, err := consumer.Consume(func(m jetstream.Msg) {
		now := time.Now()
		seen.latencies = append(seen.latencies, now.Sub(sentAt(m.Headers().Get(jetstream.MsgIDHeader))))
		if len(seen.latencies) == want {
			all <- now
		}
	}, jetstream.PullMaxMessages(prefetch))
	if err != nil {
		return passage{}, fmt.Errorf("consume: %w", err)
	}
	defer consuming.Stop()
	if _, err := consumer.Info(ctx); err != nil { // it is there, and begins with what comes now
		return passage{}, fmt.Errorf("consume: %w", err)
	}
	before := used(r.server)
	done, err := o.run(ctx)
	if err != nil {
		return passage{}, err
	}
	select {
	case end := <-all:
		seen.events, seen.elapsed, seen.cpu = want, end.Sub(done.First), used(r.server)-before+done.cpu
		return seen, nil
	case <-ctx.Done():
		return passage{}, ctx.Err()
	case <-time.After(time.Minute):
		return passage{}, fmt.Errorf("consume: %d of %d events came", len(seen.latencies), want)
	}
}

// used is the processor time of a server and this process up to now.
func used(server *part.Process) time.Duration {
	var own syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &own); err != nil {
		return 0
	}
	return server.CPU() + time.Duration(own.Utime.Nano()+own.Stime.Nano())
}

// sentAt is the time in an event's id.
func sentAt(id string) time.Time {
	_, nanos, _ := strings.Cut(id, "-")
	n, _ := strconv.ParseInt(nanos, 10, 64)
	return time.Unix(0, n)
}
