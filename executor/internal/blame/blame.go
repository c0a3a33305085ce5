// Package blame is the page that a worker process shares with its supervisor: which runs are under way, what they have used, how long they
// may still take, and that the worker is alive.
//
// The page is memory that both have mapped, so it outlives the worker, however that ends; writing to it costs no system call. Each run has
// a slot while it is under way. The supervisor reads the page while the worker lives, to find a run that cannot be interrupted, and after
// its death, to learn which runs may have caused it.
//
// Nothing on the page is a time of day: the worker says how long, the supervisor measures it by its own monotonic clock from when it
// first saw that. So a clock that jumps makes nobody a suspect.
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

	"golang.org/x/sys/unix"

	"antiraid/shared/run"
	"antiraid/shared/tenant"
)

// pageName is what the page is called where the system lists mapped memory.
const pageName = "antiraid-worker"

const (
	slots    = 256
	slotSize = 256
	slotsEnd = (slots + 1) * slotSize
	pageSize = slotsEnd + FiguresSize
	usageAt  = slotSize - int(unsafe.Sizeof(run.Usage{}))
	maxText  = usageAt - 10
)

// The first word of a slot is how often it was written, and below that for how many microseconds its run may still be under way.
const (
	timeBits  = 40
	timeMask  = 1<<timeBits - 1
	vacant    = 0
	unlimited = timeMask
)

// Run names a run under way.
type Run struct {
	Tenant   tenant.ID `json:"t,omitzero"` // none: a template that nobody has yet
	Seq      uint64    `json:"s,omitzero"` // of the event; 0: it is no run of a lane
	Template string    `json:"n"`
}

// Suspect is a run that was under way, and what it had used when it was last looked at.
type Suspect struct {
	Run
	Used run.Usage
}

// Page is the shared page. The first slot counts the worker's signs of life.
type Page struct {
	mem  []byte
	idle chan int // slots without a run
}

// Slots is how many runs can be under way at once.
const Slots = slots

// FiguresSize is how many bytes of the page are for what the worker counts.
const FiguresSize = 1024

// Figures are the part of the page for what the worker counts, zero at first.
func (p *Page) Figures() []byte { return p.mem[slotsEnd:] }

// Create makes a page, for the supervisor; the file is handed to the worker. It is memory without a place in any file system: a disk that is
// full cannot take it away.
func Create() (*Page, *os.File, error) {
	fd, err := unix.MemfdCreate(pageName, unix.MFD_CLOEXEC)
	if err != nil {
		return nil, nil, fmt.Errorf("make a page for a worker: %w", err)
	}
	f := os.NewFile(uintptr(fd), pageName)
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
	p := &Page{mem: mem, idle: make(chan int, slots)}
	for i := range slots {
		p.idle <- i + 1
	}
	return p, nil
}

// Close unmaps the page.
func (p *Page) Close() error { return syscall.Munmap(p.mem) }

// Beat is the worker's sign of life.
func (p *Page) Beat() { p.word(0).Add(1) }

// Stay is a run's time on the page. The zero Stay is on no page.
type Stay struct {
	page *Page
	slot int
}

// Begin notes that a run is under way, for as long as it takes. Call End when it is over. Without a page nothing is noted.
func (p *Page) Begin(r Run) Stay {
	if p == nil {
		return Stay{}
	}
	s := Stay{p, <-p.idle}
	text, err := json.Marshal(r)
	if err != nil || len(text) > maxText {
		text = nil
	}
	at := s.slot*slotSize + 8
	binary.LittleEndian.PutUint16(p.mem[at:], uint16(len(text)))
	copy(p.mem[at+2:], text)
	s.Used(run.Usage{})
	s.put(unlimited)
	return s
}

// Within says that the run, or the part of it that begins now, must be over after d at the latest; 0: it may take as long as it takes.
func (s Stay) Within(d time.Duration) {
	switch {
	case s.page == nil:
	case d == 0:
		s.put(unlimited)
	default:
		s.put(min(max(uint64(d.Microseconds()), 1), unlimited-1))
	}
}

// Used notes what the run has used so far.
func (s Stay) Used(u run.Usage) {
	if s.page != nil {
		*s.page.used(s.slot) = u
	}
}

// End takes the run off the page.
func (s Stay) End() {
	if s.page == nil {
		return
	}
	s.put(vacant)
	s.page.idle <- s.slot
}

func (s Stay) put(state uint64) {
	w := s.page.word(s.slot)
	w.Store((w.Load()>>timeBits+1)<<timeBits | state)
}

// Suspects are the runs under way.
func (p *Page) Suspects() (out []Suspect) {
	for slot := 1; slot <= slots; slot++ {
		if p.word(slot).Load()&timeMask == vacant {
			continue
		}
		if s, ok := p.suspect(slot); ok {
			out = append(out, s)
		}
	}
	return out
}

func (p *Page) suspect(slot int) (s Suspect, ok bool) {
	at := slot*slotSize + 8
	n := min(int(binary.LittleEndian.Uint16(p.mem[at:])), maxText)
	s.Used = *p.used(slot)
	return s, json.Unmarshal(p.mem[at+2:at+2+n], &s.Run) == nil && s.Template != ""
}

// used is the end of a slot: numbers only. The supervisor may find some of them older than others.
func (p *Page) used(slot int) *run.Usage {
	return (*run.Usage)(unsafe.Pointer(&p.mem[slot*slotSize+usageAt]))
}

// word is the first word of a slot, which both processes read and write whole.
func (p *Page) word(slot int) *atomic.Uint64 {
	return (*atomic.Uint64)(unsafe.Pointer(&p.mem[slot*slotSize]))
}
