package deploybench

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

// records reads what became of events and keeps it for the judge.
type records struct {
	mu      sync.Mutex
	runs    []Run
	events  []sent             // the n-th has the id e.<n>
	first   map[held]time.Time // when the first record of a tenant's version was stored
	open    int                // runs of events that were published, without a record
	failed  string             // a run that should have been ok
	changed chan struct{}      // closed at the next record
}

// sent is an event with which the system is loaded.
type sent struct {
	at   time.Time // before the call to publish
	done time.Time // when the record of the last template's run was stored
}

type held struct {
	tenant  tenant.ID
	version uint64
}

func newRecords() *records {
	return &records{first: map[held]time.Time{}, changed: make(chan struct{})}
}

const eventPrefix = "e."

// send notes that an event is published now, for which every template runs, and returns its id.
func (r *records) send() (id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.open += len(templates)
	r.events = append(r.events, sent{at: time.Now()})
	return eventPrefix + strconv.Itoa(len(r.events)-1)
}

// latencies are those of the events, from the publish until the record of the last of their runs is stored.
func (r *records) latencies() (all []time.Duration) {
	for _, e := range r.events {
		all = append(all, e.done.Sub(e.at))
	}
	return all
}

// read reads run records as they are stored, until ctx ends.
func (r *records) read(ctx context.Context, b *bus.Bus) error {
	return b.Read(ctx, bus.Reading{Stream: subject.Runs, Subjects: []string{subject.AllRuns}}, func(m *bus.Message) error {
		var rec run.Record
		if err := json.Unmarshal(m.Data, &rec); err != nil {
			return fmt.Errorf("read run record %d: %w", m.Seq, err)
		}
		if strings.HasPrefix(rec.Template, "_") {
			return nil
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
	if rec.Outcome != run.OK {
		r.failed = fmt.Sprintf("the run of event %s of %s ended with %s: %+v", rec.Event, rec.Tenant, rec.Outcome, rec.Failure)
	}
	number, ours := strings.CutPrefix(rec.Event, eventPrefix)
	if n, err := strconv.Atoi(number); ours && err == nil && n < len(r.events) {
		r.open--
		r.events[n].done = stored
	}
	seen := Run{Tenant: rec.Tenant, Seq: rec.Seq, Template: rec.Template, Version: rec.Bundle}
	for _, w := range rec.Writes {
		if w.Key == numbersKey {
			_ = json.Unmarshal(w.Value, &seen.Numbers) // what cannot be read is no number: the judge's to find
		}
	}
	r.runs = append(r.runs, seen)
	key := held{rec.Tenant, rec.Bundle}
	if _, known := r.first[key]; !known {
		r.first[key] = stored
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

// handled waits for the first run of a tenant with a version and says when its record was stored.
func (r *records) handled(ctx context.Context, t tenant.ID, version uint64) (at time.Time, err error) {
	err = r.until(ctx, fmt.Sprintf("a run of %s with version %d", t, version), patience, func() bool {
		at = r.first[held{t, version}]
		return !at.IsZero()
	})
	return at, err
}
