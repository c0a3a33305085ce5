// Package fifo runs jobs: those of one key one after another, in the order of Push; different keys side by side.
//
// Keys belong to groups, and of each group only some keys run at once, in turn: a group with very many keys or very slow jobs costs a
// bounded number of goroutines and holds up nobody but itself. How many jobs wait in all is the caller's to bound.
package fifo

import "sync"

// Queue is a set of FIFOs.
type Queue struct {
	width int

	mu     sync.Mutex
	groups map[string]*group // with a job
	busy   sync.WaitGroup
}

type group struct {
	lines   map[string]*line // with a job, by key
	ready   []*line          // with a job and without a goroutine
	running int
}

type line struct {
	key  string
	jobs []func()
}

// New makes a Queue of whose groups at most width keys run at once.
func New(width int) *Queue { return &Queue{width: width, groups: map[string]*group{}} }

// Push adds a job behind those of the same group and key.
func (q *Queue) Push(in, key string, job func()) {
	q.mu.Lock()
	defer q.mu.Unlock()
	g, ok := q.groups[in]
	if !ok {
		g = &group{lines: map[string]*line{}}
		q.groups[in] = g
	}
	l, ok := g.lines[key]
	if ok {
		l.jobs = append(l.jobs, job)
		return
	}
	l = &line{key, []func(){job}}
	g.lines[key] = l
	g.ready = append(g.ready, l)
	if g.running < q.width {
		g.running++
		q.busy.Go(func() { q.run(in, g) })
	}
}

// run does one job of the group after another, each time of the key that has waited longest, until none is ready.
func (q *Queue) run(in string, g *group) {
	var l *line
	for {
		job := func() func() {
			q.mu.Lock()
			defer q.mu.Unlock()
			g.put(l)
			if l = g.take(); l != nil {
				return l.jobs[0]
			}
			if g.running--; len(g.lines) == 0 {
				delete(q.groups, in)
			}
			return nil
		}()
		if job == nil {
			return
		}
		job()
	}
}

// put gives a line back whose first job is done.
func (g *group) put(l *line) {
	if l == nil {
		return
	}
	l.jobs[0] = nil
	if l.jobs = l.jobs[1:]; len(l.jobs) == 0 {
		delete(g.lines, l.key)
		return
	}
	g.ready = append(g.ready, l)
}

func (g *group) take() *line {
	if len(g.ready) == 0 {
		return nil
	}
	l := g.ready[0]
	g.ready = g.ready[1:]
	return l
}

// Wait returns when every job that was pushed has run. No Push may follow it.
func (q *Queue) Wait() { q.busy.Wait() }
