// Package blame is the page that a worker process shares with its supervisor: which runs are under way, until when they may take, and
// that the worker is alive.
//
// The page is memory mapped from a file, so it outlives the worker, however that ends; writing to it costs no system call. Each run has
// a slot while it is under way. The supervisor reads the page while the worker lives, to find a run that cannot be interrupted, and after
// its death, to learn which runs may have caused it.
package blame

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"

	"antiraid/shared/tenant"
)

const (
	slots    = 256
	slotSize = 256
	pageSize = (slots + 1) * slotSize
	maxText  = slotSize - 10
)

// Run names a run under way.
type Run struct {
	Tenant   tenant.ID `json:"t"`
	Seq      uint64    `json:"s"` // of the event
	Template string    `json:"n"`
}

// Suspect is a run that was under way.
type Suspect struct {
	Run
	Deadline time.Time // when it had to be over at the latest
}

// Page is the shared page. The first slot holds the worker's sign of life.
type Page struct {
	mem  []byte
	free chan int
}

// Slots is how many runs can be under way at once.
const Slots = slots

// Create makes a page in an unlinked file, for the supervisor; the file is handed to the worker.
func Create() (*Page, *os.File, error) {
	f, err := os.CreateTemp("", "antiraid-worker-*")
	if err != nil {
		return nil, nil, fmt.Errorf("make a page for a worker: %w", err)
	}
	os.Remove(f.Name())
	if err := f.Truncate(pageSize); err != nil {
		f.Close()
		return nil, nil, fmt.Errorf("make a page for a worker: %w", err)
	}
	p, err := Open(f)
	if err != nil {
		f.Close()
		return nil, nil, err
	}
	return p, f, nil
}

// Open maps the page of a file.
func Open(f *os.File) (*Page, error) {
	mem, err := syscall.Mmap(int(f.Fd()), 0, pageSize, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
	if err != nil {
		return nil, fmt.Errorf("map a worker's page: %w", err)
	}
	p := &Page{mem: mem, free: make(chan int, slots)}
	for i := range slots {
		p.free <- i + 1
	}
	return p, nil
}

// Close unmaps the page.
func (p *Page) Close() error { return syscall.Munmap(p.mem) }

// Beat is the worker's sign of life.
func (p *Page) Beat(now time.Time) { p.word(0).Store(now.UnixNano()) }

// Beaten is when the worker last gave a sign of life; zero: never.
func (p *Page) Beaten() time.Time { return fromNano(p.word(0).Load()) }

// Begin notes that a run is under way and must be over at a deadline, at the latest. Call end when it is.
func (p *Page) Begin(r Run, deadline time.Time) (end func()) {
	slot := <-p.free
	text, err := json.Marshal(r)
	if err != nil || len(text) > maxText {
		text = nil
	}
	at := slot*slotSize + 8
	binary.LittleEndian.PutUint16(p.mem[at:], uint16(len(text)))
	copy(p.mem[at+2:], text)
	p.word(slot).Store(deadline.UnixNano())
	return func() {
		p.word(slot).Store(0)
		p.free <- slot
	}
}

// Suspects are the runs under way.
func (p *Page) Suspects() (out []Suspect) {
	for slot := 1; slot <= slots; slot++ {
		deadline := p.word(slot).Load()
		if deadline == 0 {
			continue
		}
		at := slot*slotSize + 8
		n := min(int(binary.LittleEndian.Uint16(p.mem[at:])), maxText)
		s := Suspect{Deadline: fromNano(deadline)}
		if json.Unmarshal(p.mem[at+2:at+2+n], &s.Run) == nil && !s.Tenant.IsZero() {
			out = append(out, s)
		}
	}
	return out
}

// Overdue is a run that must have been over by now.
func (p *Page) Overdue(now time.Time) (Suspect, bool) {
	for _, s := range p.Suspects() {
		if now.After(s.Deadline) {
			return s, true
		}
	}
	return Suspect{}, false
}

// word is the first word of a slot, which both processes read and write whole.
func (p *Page) word(slot int) *atomic.Int64 {
	return (*atomic.Int64)(unsafe.Pointer(&p.mem[slot*slotSize]))
}

func fromNano(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.Unix(0, n)
}
