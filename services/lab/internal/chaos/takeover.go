package chaos

import (
	"context"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"antiraid/executor"
	"antiraid/shared/bus"
	"antiraid/shared/lease"
	"antiraid/shared/tenant"
)

// What is promised: how long partitions may be without an owner.
const (
	promisedTakeover = 3 * time.Second
	promisedLeave    = 300 * time.Millisecond
)

const (
	glance   = 25 * time.Millisecond // between two looks at the owners
	settling = time.Second           // how long members that have joined may take to share out anew
	settled  = 3 * time.Second       // after NATS was away nothing is measured for so long; a leave only so long after everything else
)

// takeovers measures how long partitions are without an owner.
type takeovers struct {
	bus  *bus.Bus
	note func(string, ...any)

	mu       sync.Mutex
	open     []*takeover
	unfit    int       // faults under way that make measuring senseless
	quiet    time.Time // until when it stays so after the last of them
	last     time.Time // of the disturbances
	crashes  []time.Duration
	leavings []time.Duration
}

// takeover is partitions whose owner was taken away.
type takeover struct {
	what   string
	clean  bool           // the owner leaves by itself
	slices map[int]uint64 // partition → epoch of that owner
	since  time.Time
	last   int // a partition that had none at the last look
}

// run looks at the owners while any are awaited, until ctx ends.
func (t *takeovers) run(ctx context.Context) {
	for sleep(ctx, glance) {
		t.mu.Lock()
		idle := len(t.open) == 0
		t.mu.Unlock()
		if idle {
			continue
		}
		if list, ok := t.owners(ctx); ok {
			t.settle(list)
		}
	}
}

func (t *takeovers) owners(ctx context.Context) ([]lease.Slice, bool) {
	ctx, cancel := context.WithTimeout(ctx, 500*time.Millisecond)
	defer cancel()
	list, err := lease.Read(ctx, t.bus, executor.Group, tenant.Partitions)
	return list, err == nil
}

// settle closes what has new owners.
func (t *takeovers) settle(list []lease.Slice) {
	now := time.Now()
	t.mu.Lock()
	defer t.mu.Unlock()
	t.open = slices.DeleteFunc(t.open, func(o *takeover) bool {
		for n, epoch := range o.slices {
			if list[n].Owner == "" || list[n].Epoch <= epoch {
				o.last = n
				return false
			}
		}
		took, promised, kept := now.Sub(o.since), promisedTakeover, &t.crashes
		if o.clean {
			promised, kept = promisedLeave, &t.leavings
		}
		*kept = append(*kept, took)
		if took > promised {
			t.note("after %s it took %d ms until all %d partitions had an owner, partition %d among the last",
				strings.TrimSpace(o.what), took.Milliseconds(), len(o.slices), o.last)
		}
		return true
	})
}

// around measures what becomes of the partitions of members whose names begin so, when fault takes them away.
func (t *takeovers) around(ctx context.Context, names, what string, clean bool, fault func()) {
	owned := map[int]uint64{}
	if list, ok := t.owners(ctx); ok {
		for n, s := range list {
			if strings.HasPrefix(s.Owner, names) {
				owned[n] = s.Epoch
			}
		}
	}
	t.mu.Lock()
	fit := t.unfit == 0 && time.Now().After(t.quiet) && (!clean || time.Since(t.last) > settled)
	t.mu.Unlock()
	t.disturb()
	if fit && len(owned) > 0 {
		t.mu.Lock()
		t.open = append(t.open, &takeover{what: what, clean: clean, slices: owned, since: time.Now()})
		t.mu.Unlock()
	}
	fault()
}

// disturb says that something happened that may delay every takeover under way: the clock of a crash starts again, a clean leave is not
// measured.
func (t *takeovers) disturb() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.last = time.Now()
	t.open = slices.DeleteFunc(t.open, func(o *takeover) bool {
		o.since = time.Now()
		return o.clean
	})
}

// unmeasured gives up what is under way, and everything until the returned function was called and some time after.
func (t *takeovers) unmeasured() (end func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.open = nil
	t.unfit++
	return func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.unfit--
		t.quiet = time.Now().Add(settled)
	}
}

// joined waits until members with these beginnings of a name own something, and some time more, in which partitions may change hands.
func (t *takeovers) joined(ctx context.Context, names ...string) error {
	err := await(ctx, func() (bool, error) {
		list, _ := t.owners(ctx)
		for _, name := range names {
			if !slices.ContainsFunc(list, func(s lease.Slice) bool { return strings.HasPrefix(s.Owner, name) }) {
				return false, nil
			}
		}
		return true, nil
	})
	sleep(ctx, settling)
	return err
}

// wait returns when nothing is awaited any more, or ctx ends.
func (t *takeovers) wait(ctx context.Context) error {
	return await(ctx, func() (bool, error) {
		t.mu.Lock()
		defer t.mu.Unlock()
		return len(t.open) == 0, nil
	})
}

// member is the name of a worker in the group, from its environment.
func member(pid int) string {
	data, _ := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/environ")
	for _, v := range strings.Split(string(data), "\x00") {
		if name, ok := strings.CutPrefix(v, "ANTIRAID_NAME="); ok {
			return name
		}
	}
	return ""
}

// longest is the greatest of them in milliseconds; 0 without any.
func longest(list []time.Duration) int {
	if len(list) == 0 {
		return 0
	}
	return int(slices.Max(list).Milliseconds())
}
