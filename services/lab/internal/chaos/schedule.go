package chaos

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"
)

// Kind is what is done to the system.
type Kind string

// The kinds.
const (
	ExecutorKill   Kind = "executor-kill"   // SIGKILL to supervisor and workers
	ExecutorStop   Kind = "executor-stop"   // SIGSTOP to supervisor and workers for longer than a lease lives, then SIGCONT
	ExecutorLeave  Kind = "executor-leave"  // SIGTERM, and it comes back later
	ExecutorAdd    Kind = "executor-add"    // one more joins, and leaves later
	SupervisorKill Kind = "supervisor-kill" // SIGKILL to the supervisor alone
	WorkerKill     Kind = "worker-kill"     // SIGKILL to one worker
	WorkerStop     Kind = "worker-stop"     // SIGSTOP to one worker, then SIGCONT if it still lives
	RESTKill       Kind = "rest-kill"
	RESTStop       Kind = "rest-stop"
	RESTRestart    Kind = "rest-restart" // SIGTERM
	NATSKill       Kind = "nats-kill"
	NATSStop       Kind = "nats-stop"
	NATSRestart    Kind = "nats-restart" // SIGTERM
	DiscordSpoil   Kind = "discord-spoil"
	Deploy         Kind = "deploy" // a new version of a tenant's template
	Flood          Kind = "flood"  // a tenant's events come much faster than they can be handled
)

// Fault is one attack: what is done when and to whom, and after how long it is undone.
type Fault struct {
	At     time.Duration
	Kind   Kind
	Target int // number of the executor, rest or tenant
	Which  int // worker of an executor, or way of spoiling
	For    time.Duration
}

func (f Fault) String() string {
	s := fmt.Sprintf("%8.3fs %s", f.At.Seconds(), f.Kind)
	switch attacks[f.Kind].on {
	case executors, rests:
		s += fmt.Sprintf(" %d", f.Target)
	case tenants:
		s += fmt.Sprintf(" tenant %d", f.Target)
	}
	switch f.Kind {
	case WorkerKill, WorkerStop:
		s += fmt.Sprintf(" worker %d", f.Which)
	case DiscordSpoil:
		s += " " + spoils[f.Which].name
	}
	if f.For > 0 {
		s += fmt.Sprintf(" for %.3fs", f.For.Seconds())
	}
	return s
}

// target is a sort of thing that is attacked: each one of them by one fault at a time.
type target string

const (
	executors target = "executor"
	spare     target = "spare executor"
	rests     target = "rest"
	server    target = "nats"
	outside   target = "discord"
	tenants   target = "tenant"
)

// attack is how a kind is scheduled.
type attack struct {
	on       target
	weight   int
	from, to time.Duration // how long it lasts
	calm     time.Duration // before the next fault of the same target
}

var attacks = map[Kind]attack{
	ExecutorKill:   {executors, 6, 100 * time.Millisecond, 3 * time.Second, time.Second},
	ExecutorStop:   {executors, 6, 2200 * time.Millisecond, 5 * time.Second, time.Second},
	ExecutorLeave:  {executors, 5, 500 * time.Millisecond, 3 * time.Second, time.Second},
	ExecutorAdd:    {spare, 4, 1500 * time.Millisecond, 6 * time.Second, time.Second},
	SupervisorKill: {executors, 3, 100 * time.Millisecond, 2 * time.Second, time.Second},
	WorkerKill:     {executors, 8, 0, 0, time.Second},
	WorkerStop:     {executors, 6, 200 * time.Millisecond, 4 * time.Second, time.Second},
	RESTKill:       {rests, 4, 100 * time.Millisecond, 3 * time.Second, time.Second},
	RESTStop:       {rests, 4, 500 * time.Millisecond, 5 * time.Second, time.Second},
	RESTRestart:    {rests, 3, 100 * time.Millisecond, 2 * time.Second, time.Second},
	NATSKill:       {server, 3, 50 * time.Millisecond, 1500 * time.Millisecond, 3 * time.Second},
	NATSStop:       {server, 3, 300 * time.Millisecond, 3500 * time.Millisecond, 3 * time.Second},
	NATSRestart:    {server, 2, 50 * time.Millisecond, 1500 * time.Millisecond, 3 * time.Second},
	DiscordSpoil:   {outside, 5, 0, 0, 500 * time.Millisecond},
	Deploy:         {tenants, 14, 0, 0, 100 * time.Millisecond},
	Flood:          {tenants, 3, 500 * time.Millisecond, 1500 * time.Millisecond, time.Second},
}

// kinds are all kinds, in the order in which a seed chooses among them.
var kinds = [...]Kind{
	ExecutorKill, ExecutorStop, ExecutorLeave, ExecutorAdd, SupervisorKill, WorkerKill, WorkerStop, RESTKill, RESTStop, RESTRestart,
	NATSKill, NATSStop, NATSRestart, DiscordSpoil, Deploy, Flood,
}

// Pause between two faults.
const (
	minPause = 100 * time.Millisecond
	maxPause = 900 * time.Millisecond
)

// Plan is all that a schedule depends on.
type Plan struct {
	Seed                               uint64
	Duration                           time.Duration
	Executors, Workers, RESTs, Tenants int
}

// Schedule is the plan's faults in the order of their times: first each kind once, in an order of chance, then whichever.
func Schedule(p Plan) (faults []Fault) {
	s := scheduler{Plan: p, chance: rand.New(rand.NewPCG(p.Seed, 0)), busy: map[target][]time.Duration{}}
	for on, n := range map[target]int{executors: p.Executors, spare: 1, rests: p.RESTs, server: 1, outside: 1, tenants: p.Tenants} {
		s.busy[on] = make([]time.Duration, n)
	}
	for _, i := range s.chance.Perm(len(kinds)) {
		s.first = append(s.first, kinds[i])
	}
	for {
		s.now += s.between(minPause, maxPause)
		if s.now >= p.Duration {
			return faults
		}
		if kind, ok := s.kind(); ok {
			faults = append(faults, s.fault(kind))
		}
	}
}

type scheduler struct {
	Plan
	chance *rand.Rand
	now    time.Duration
	first  []Kind                     // not had yet
	busy   map[target][]time.Duration // until when each one is
}

func (s *scheduler) between(from, to time.Duration) time.Duration {
	if to <= from {
		return from
	}
	return (from + time.Duration(s.chance.Int64N(int64(to-from)))).Truncate(time.Millisecond)
}

// kind chooses among those that have a target.
func (s *scheduler) kind() (Kind, bool) {
	for i, k := range s.first {
		if len(s.idle(k)) > 0 {
			s.first = append(s.first[:i], s.first[i+1:]...)
			return k, true
		}
	}
	var all int
	for _, k := range kinds {
		if len(s.idle(k)) > 0 {
			all += attacks[k].weight
		}
	}
	if all == 0 {
		return "", false
	}
	at := s.chance.IntN(all)
	for _, k := range kinds {
		if len(s.idle(k)) == 0 {
			continue
		}
		if at -= attacks[k].weight; at < 0 {
			return k, true
		}
	}
	return "", false
}

// idle are the targets of a kind that nothing is done to at the moment.
func (s *scheduler) idle(k Kind) (list []int) {
	for i, until := range s.busy[attacks[k].on] {
		if until <= s.now {
			list = append(list, i)
		}
	}
	return list
}

func (s *scheduler) fault(k Kind) Fault {
	a, idle := attacks[k], s.idle(k)
	f := Fault{At: s.now, Kind: k, Target: idle[s.chance.IntN(len(idle))], For: min(s.between(a.from, a.to), s.Duration-s.now)}
	switch k {
	case WorkerKill, WorkerStop:
		f.Which = s.chance.IntN(s.Workers)
	case DiscordSpoil:
		f.Which = s.chance.IntN(len(spoils))
	}
	s.busy[a.on][f.Target] = s.now + f.For + a.calm
	return f
}

// Kinds are all kinds of faults.
func Kinds() []Kind { return slices.Clone(kinds[:]) }
