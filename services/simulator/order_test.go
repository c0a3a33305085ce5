package simulator_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"antiraid/services/simulator"
	"antiraid/services/simulator/simulatortest"
)

// TestNothingIsMissedAroundReady identifies while channels are made: each is in GUILD_CREATE or comes as an event after it, never both.
func TestNothingIsMissedAroundReady(t *testing.T) {
	s := simulatortest.Start(t, simulator.Config{IdentifyEvery: time.Nanosecond})
	const channels = 400
	var all sync.WaitGroup
	all.Go(func() {
		for i := range channels {
			must(s.World().AddChannel(simulator.SampleGuild, simulator.Channel{Name: fmt.Sprint(i)}))
		}
	})
	for range 8 {
		all.Go(func() {
			c := hello(t, s)
			c.say(2, ident(s, "intents", 1))
			c.until("READY")
			g := as[struct{ Channels []simulator.Channel }](t, c.until("GUILD_CREATE").D)
			seen := map[simulator.ID]bool{}
			for _, ch := range g.Channels {
				seen[ch.ID] = true
			}
			for len(seen) < channels+2 { // and the two that were there
				ch := as[simulator.Channel](t, c.until("CHANNEL_CREATE").D)
				if seen[ch.ID] {
					t.Errorf("channel %s was told twice", ch.Name)
				}
				seen[ch.ID] = true
			}
		})
	}
	all.Wait()
}

// TestOrder lets many act at once while the connection drops again and again: all events come once, in the order of the deeds.
func TestOrder(t *testing.T) {
	s := simulatortest.Start(t, simulator.Config{})
	c, r := session(t, s)
	const writers, each = 4, 500
	var all sync.WaitGroup
	for range writers {
		all.Go(func() {
			for range each {
				must(s.World().Write(simulator.SampleChannel, simulator.SampleOwner, "x"))
			}
		})
	}
	last, got, seq := simulator.ID(0), 0, c.seq
	for got < writers*each {
		if got%300 == 299 {
			s.Gateway().All().Drop()
		}
		f, err := c.read()
		if err != nil {
			c = resume(t, s, r, seq)
			continue
		}
		if *f.S <= seq {
			t.Fatalf("s went from %d to %d", seq, *f.S)
		}
		seq = *f.S
		if f.T != "MESSAGE_CREATE" {
			continue
		}
		m := as[simulator.Message](t, f.D)
		if m.ID <= last {
			t.Fatalf("message %d came after %d", m.ID, last)
		}
		last = m.ID
		got++
	}
	all.Wait()
}

// TestSample is the sample scenario as a bot sees it.
func TestSample(t *testing.T) {
	s := simulatortest.Start(t, simulator.Config{})
	c, _ := session(t, s)
	played := make(chan simulator.Report, 1)
	go func() { played <- must(s.Play(t.Context(), "sample", simulator.Options{Every: time.Millisecond})) }()
	var got []string
	for f := c.next(); ; f = c.next() {
		if got = append(got, f.T); f.T == "INTERACTION_CREATE" {
			in := as[simulator.Interaction](t, f.D)
			if in.User.ID != simulator.SampleUser || in.Owners["1"] != simulator.SampleUser || len(in.Owners) != 1 {
				t.Errorf("the command is %s", f.D)
			}
			break
		}
	}
	const want = "[GUILD_MEMBER_ADD GUILD_MEMBER_ADD GUILD_MEMBER_ADD MESSAGE_CREATE MESSAGE_CREATE MESSAGE_CREATE MESSAGE_CREATE MESSAGE_REACTION_ADD INTERACTION_CREATE]"
	if fmt.Sprint(got) != want {
		t.Errorf("the sample is %v", got)
	}
	if r := receive(t, played); r.Steps != len(got) || len(r.Users) != 3 {
		t.Errorf("the report is %+v", r)
	}
	if len(simulator.Scenarios()) != 2 {
		t.Errorf("scenarios are %v", simulator.Scenarios())
	}
}
