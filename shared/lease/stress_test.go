package lease

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"antiraid/shared/natstest"
)

const stressSlices = 16

// stress is a group whose members come, go, die and are cut off at random.
type stress struct {
	t       *testing.T
	h       *history
	url     string
	random  *rand.Rand
	members []*target
	born    int
	done    map[string]int
}

type target struct {
	*peer
	name  string
	proxy *proxy
	cut   bool
}

// TestStress does what it likes with the members and looks at what came of it.
func TestStress(t *testing.T) {
	t.Parallel()
	s := &stress{t: t, h: newHistory(), url: natstest.Start(t), random: rand.New(rand.NewPCG(3, 4)), done: map[string]int{}}
	s.join()
	step := time.NewTimer(0)
	for end := time.Now().Add(6 * time.Second); time.Now().Before(end); {
		<-step.C
		s.act()
		step.Reset(time.Duration(20+s.random.IntN(400)) * time.Millisecond)
	}
	for _, m := range s.members {
		m.proxy.thaw()
	}
	s.h.wait(t, settle, "every slice is held by a member that lives", func() bool {
		total := 0
		for _, m := range s.members {
			total += s.h.held()[m.name]
		}
		return total == stressSlices
	})
	for _, m := range s.members {
		m.leave()
		<-m.done
	}
	s.h.check(t)
	t.Logf("%v; %d holdings, %d commits refused", s.done, len(s.h.records), s.h.refused)
	if len(s.h.records) < 2*stressSlices {
		t.Errorf("only %d holdings: nothing was tried", len(s.h.records))
	}
}

func (s *stress) act() {
	if len(s.members) == 0 || len(s.members) < 4 && s.random.IntN(3) == 0 {
		s.join()
		return
	}
	i := s.random.IntN(len(s.members))
	m := s.members[i]
	switch {
	case m.cut:
		m.proxy.thaw()
		m.cut = false
		s.done["thaws"]++
	case s.random.IntN(3) > 0:
		[]func(){m.proxy.freeze, func() { m.proxy.down.set(true) }, func() { m.proxy.up.set(true) }}[s.random.IntN(3)]()
		m.cut = true
		s.done["cuts"]++
	case s.random.IntN(2) == 0:
		m.crash()
		s.remove(i)
		s.done["crashes"]++
	default:
		m.leave()
		s.remove(i)
		s.done["leaves"]++
	}
}

func (s *stress) remove(i int) { s.members = append(s.members[:i], s.members[i+1:]...) }

func (s *stress) join() {
	s.born++
	s.done["joins"]++
	name := fmt.Sprintf("m%d", s.born)
	p := startProxy(s.t, s.url)
	cfg := Config{Group: "test", Slices: stressSlices, Member: name, Drain: time.Second}
	s.members = append(s.members, &target{peer: start(s.t, p.url, cfg, s.h.counting(name, 10*time.Millisecond)), name: name, proxy: p})
}
