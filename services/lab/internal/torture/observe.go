package torture

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"time"

	"antiraid/shared/bus"
	"antiraid/shared/run"
	"antiraid/shared/subject"
	"antiraid/shared/tenant"
)

// Event is one event that was sent to a template that checks its world, and what it found.
type Event struct {
	Tenant tenant.ID
	N      int
	Sent   time.Time
	Done   time.Time // when its record was stored; zero: never
	From   time.Time // when its run began
	To     time.Time // when its run ended
	Last   int       // the number it found of the event before
	Odd    string    // what it found that should not be; empty: nothing
}

// Run is a hostile template's run.
type Run struct {
	N       int // of the event
	Outcome run.Outcome
	Budget  string
	Took    time.Duration // of its wall clock's budget; of one that could not be compiled: all
	Elapsed time.Duration // by the clock, with what it was made to wait for others
	Memory  int64
	Leak    string // what its record shows that is not its own; empty: nothing
}

// secrets begin with it, and nothing else does.
const secretPrefix = "kept-by-victim-"

// observer reads the run records as they are stored.
type observer struct {
	mu      sync.Mutex
	checks  map[tenant.ID][]Event // by tenant, the n-th event at n-1
	hostile map[tenant.ID][]Run
	changed chan struct{} // closed at the next record
}

func newObserver() *observer {
	return &observer{checks: map[tenant.ID][]Event{}, hostile: map[tenant.ID][]Run{}, changed: make(chan struct{})}
}

// run reads until ctx ends.
func (o *observer) run(ctx context.Context, b *bus.Bus) error {
	return b.Read(ctx, bus.Reading{Stream: subject.Runs, Subjects: []string{subject.AllRuns}}, func(m *bus.Message) error {
		var rec run.Record
		if err := json.Unmarshal(m.Data, &rec); err != nil {
			return fmt.Errorf("read run record %d: %w", m.Seq, err)
		}
		o.mu.Lock()
		defer o.mu.Unlock()
		switch rec.Template {
		case checking:
			o.check(&rec, m.Time)
		case attacking:
			o.attack(&rec, m.Data)
		}
		close(o.changed)
		o.changed = make(chan struct{})
		return nil
	})
}

// sent notes the next event of a tenant and gives it its number.
func (o *observer) sent(t tenant.ID) int {
	o.mu.Lock()
	defer o.mu.Unlock()
	n := len(o.checks[t]) + 1
	o.checks[t] = append(o.checks[t], Event{Tenant: t, N: n, Sent: time.Now()})
	return n
}

// check notes what a victim found.
func (o *observer) check(rec *run.Record, stored time.Time) {
	n := number(rec.Event)
	if n < 1 || n > len(o.checks[rec.Tenant]) {
		return
	}
	e := &o.checks[rec.Tenant][n-1]
	if !e.Done.IsZero() {
		return
	}
	e.Done, e.From, e.To = stored, rec.Started, rec.Started.Add(rec.Took)
	var found struct {
		N, Last int
		Secret  string
		Odd     string
	}
	if rec.Failure != nil {
		e.Odd, e.Last = "it failed: "+rec.Failure.Message, n-1
		return
	}
	if err := json.Unmarshal(rec.Reply, &found); err != nil {
		e.Odd = "its reply cannot be read: " + err.Error()
		return
	}
	e.Last, e.Odd = found.Last, found.Odd
	if found.N != n || found.Secret != secret(rec.Tenant) {
		e.Odd = fmt.Sprintf("it replied with event %d and secret %s", found.N, found.Secret)
	}
}

// attack notes what a hostile run came to.
func (o *observer) attack(rec *run.Record, raw []byte) {
	r := Run{N: number(rec.Event), Outcome: rec.Outcome, Took: cmp.Or(rec.Usage.Wall, rec.Took), Elapsed: rec.Took, Memory: rec.Usage.Memory, Leak: leak(rec, raw)}
	if rec.Failure != nil {
		r.Budget = rec.Failure.Budget
	}
	o.hostile[rec.Tenant] = append(o.hostile[rec.Tenant], r)
}

var tenants = regexp.MustCompile(`9[12]0{10}\d{7}`)

// leak says what of others a hostile template's record shows. A script may also say itself that it got out: with an error, a reply or a
// log line that has the words "another tenant" or begins with "saw ".
func leak(rec *run.Record, raw []byte) string {
	others := strings.ReplaceAll(string(raw), secret(rec.Tenant), "") // its own is in its events
	if at := strings.Index(others, secretPrefix); at >= 0 {
		return fmt.Sprintf("its record has a victim's secret: %.60s", others[at:])
	}
	for _, id := range tenants.FindAllString(string(raw), -1) {
		if id != rec.Tenant.Snowflake() {
			return "its record names tenant " + id
		}
	}
	said := []string{string(rec.Reply)}
	if rec.Failure != nil {
		said = append(said, rec.Failure.Message)
	}
	for _, line := range rec.Log {
		said = append(said, line.Message)
	}
	for _, text := range said {
		if text = strings.Trim(text, `"`); strings.HasPrefix(text, "saw ") || strings.Contains(text, "another tenant") {
			return fmt.Sprintf("it says: %.200s", text)
		}
	}
	return ""
}

// number is the n in an event's id.
func number(id string) (n int) {
	_, text, _ := strings.Cut(id, ".")
	if _, err := fmt.Sscan(text, &n); err != nil {
		return 0
	}
	return n
}

// until waits until a tenant's first n events have been checked, or ctx ends.
func (o *observer) until(ctx context.Context, t tenant.ID, n int) bool {
	for {
		o.mu.Lock()
		done := 0
		for _, e := range o.checks[t] {
			if !e.Done.IsZero() {
				done++
			}
		}
		changed := o.changed
		o.mu.Unlock()
		if done >= n {
			return true
		}
		select {
		case <-ctx.Done():
			return false
		case <-changed:
		}
	}
}

// events are a tenant's, as far as they are known.
func (o *observer) events(t tenant.ID) []Event {
	o.mu.Lock()
	defer o.mu.Unlock()
	return append([]Event(nil), o.checks[t]...)
}

// runs are a hostile template's.
func (o *observer) runs(t tenant.ID) []Run {
	o.mu.Lock()
	defer o.mu.Unlock()
	return append([]Run(nil), o.hostile[t]...)
}
