package fairness

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"antiraid/shared/bus"
	"antiraid/shared/run"
	"antiraid/shared/subject"
	"antiraid/shared/tenant"
)

// sent is one event of a quiet tenant.
type sent struct {
	tenant tenant.ID
	at     time.Time // before the call to publish
	began  time.Time // when its run began
	done   time.Time // when the record of its run was stored, which is after its commit; zero: not yet
}

// loudRun is one run of a loud tenant.
type loudRun struct {
	stored time.Time
	took   time.Duration
}

// records knows what was published and reads what became of it.
type records struct {
	mu      sync.Mutex
	quiet   []sent // the n-th event has the id q.<n>
	open    int    // of quiet, without a record
	loud    []loudRun
	inForce map[tenant.ID]uint64 // newest bundle version that is said to be in force
	failed  string               // a quiet tenant's run that should have been ok
	changed chan struct{}        // closed at the next record
}

func newRecords() *records {
	return &records{inForce: map[tenant.ID]uint64{}, changed: make(chan struct{})}
}

// send notes that an event of a quiet tenant is published now and returns its id.
func (r *records) send(t tenant.ID) (id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.open++
	r.quiet = append(r.quiet, sent{tenant: t, at: time.Now()})
	return quietPrefix + strconv.Itoa(len(r.quiet)-1)
}

// Ids of events begin with whose they are.
const (
	quietPrefix = "q."
	loudPrefix  = "l."
)

// read reads run records as they are stored, until ctx ends.
func (r *records) read(ctx context.Context, b *bus.Bus) error {
	return b.Read(ctx, bus.Reading{Stream: subject.Runs, Subjects: []string{subject.AllRuns}}, func(m *bus.Message) error {
		var rec run.Record
		if err := json.Unmarshal(m.Data, &rec); err != nil {
			return fmt.Errorf("read run record %d: %w", m.Seq, err)
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		r.note(&rec, m.Time)
		close(r.changed)
		r.changed = make(chan struct{})
		return nil
	})
}

func (r *records) note(rec *run.Record, stored time.Time) {
	number, quiet := strings.CutPrefix(rec.Event, quietPrefix)
	if quiet && rec.Outcome != run.OK {
		r.failed = fmt.Sprintf("the run of event %s of %s ended with %s", rec.Event, rec.Tenant, rec.Outcome)
	}
	switch n, err := strconv.Atoi(number); {
	case quiet && err == nil && n < len(r.quiet):
		if r.quiet[n].done.IsZero() {
			r.quiet[n].began, r.quiet[n].done = rec.Started, stored
			r.open--
		}
	case strings.HasPrefix(rec.Event, loudPrefix):
		r.loud = append(r.loud, loudRun{stored, rec.Took})
	default:
		r.inForce[rec.Tenant] = max(r.inForce[rec.Tenant], rec.Bundle)
	}
}

// until waits until a condition on the records holds.
func (r *records) until(ctx context.Context, what string, within time.Duration, holds func() bool) error {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	for {
		r.mu.Lock()
		done, failed, changed := holds(), r.failed, r.changed
		r.mu.Unlock()
		switch {
		case failed != "":
			return fmt.Errorf("wait for %s: %s", what, failed)
		case done:
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for %s, at most %s: %w", what, within, ctx.Err())
		case <-changed:
		}
	}
}

// measured are the quiet tenants' events of a window.
func (r *records) measured(w window) (events []sent) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range r.quiet {
		if w.has(s.at) {
			events = append(events, s)
		}
	}
	return events
}

// loudRuns are those whose records were stored in a window.
func (r *records) loudRuns(w window) (runs []time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, l := range r.loud {
		if w.has(l.stored) {
			runs = append(runs, l.took)
		}
	}
	return runs
}

// window is a stretch of time.
type window struct {
	from, to time.Time
	others   float64 // processors that other programs used
}

func (w window) has(t time.Time) bool { return !t.Before(w.from) && t.Before(w.to) }
