package bus_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"antiraid/shared/bus"
	"antiraid/shared/natstest"
	"antiraid/shared/subject"
)

var errEnough = errors.New("enough")

func effects(t *testing.T, b *bus.Bus, lane, from, to int) {
	t.Helper()
	for i := from; i < to; i++ {
		if _, err := b.Publish(t.Context(), bus.Outgoing{Subject: subject.Effect(lane, guild(t, "g-7"), "op"), Data: fmt.Append(nil, i)}); err != nil {
			t.Fatal(err)
		}
	}
}

var third = bus.Taking{Stream: subject.Effects, Name: "rest-03", Subject: subject.LaneEffects(3), Window: 8}

func TestWhatASuccessorTakesIsInOrderAgain(t *testing.T) {
	url := natstest.Start(t)
	first, second := natstest.Connect(t, url), natstest.Connect(t, url)
	effects(t, first, 3, 0, 6)
	effects(t, first, 4, 0, 1)
	var got []string
	err := first.Take(t.Context(), third, func(m *bus.Taken) error {
		got = append(got, string(m.Data))
		switch string(m.Data) {
		case "1", "3": // settled out of order
			return m.Done(t.Context())
		case "4":
			return errEnough
		}
		return nil
	})
	if !errors.Is(err, errEnough) {
		t.Fatal(err)
	}
	err = second.Take(t.Context(), third, func(m *bus.Taken) error {
		got = append(got, string(m.Data))
		if string(m.Data) == "5" {
			return errEnough
		}
		return m.Done(t.Context())
	})
	if want := strings.Fields("0 1 2 3 4 0 2 4 5"); !errors.Is(err, errEnough) || !slices.Equal(got, want) {
		t.Errorf("took %v, %v; want %v", got, err, want)
	}
}

func TestANewTakerEndsTheFlowToTheOldOne(t *testing.T) {
	url := natstest.Start(t)
	old, successor := natstest.Connect(t, url), natstest.Connect(t, url)
	effects(t, old, 3, 0, 1)
	taken, ended := make(chan *bus.Taken, 1), make(chan error, 1)
	go func() {
		ended <- old.Take(t.Context(), third, func(m *bus.Taken) error { taken <- m; return nil })
	}()
	before := <-taken
	err := successor.Take(t.Context(), third, func(m *bus.Taken) error {
		if err := <-ended; !errors.Is(err, bus.ErrBroken) {
			t.Errorf("the old taker ended with %v", err)
		}
		return errEnough
	})
	if !errors.Is(err, errEnough) {
		t.Error(err)
	}
	if err := before.Done(t.Context()); err == nil {
		t.Error("a former taker settled a message of its successor")
	}
}

func TestALostConnectionEndsTheTakeAndLosesNothing(t *testing.T) {
	dir := t.TempDir()
	s := natstest.Run(t, dir, -1)
	b := natstest.Connect(t, s.ClientURL())
	effects(t, b, 3, 0, 3)
	var got []string
	all := make(chan struct{})
	ended := make(chan error, 1)
	go func() {
		ended <- b.Take(t.Context(), third, func(m *bus.Taken) error {
			if got = append(got, string(m.Data)); len(got) == 3 {
				close(all)
			}
			return nil
		})
	}()
	<-all
	_, port, _ := strings.Cut(strings.TrimPrefix(s.ClientURL(), "nats://"), ":")
	var n int
	fmt.Sscan(port, &n)
	s.Shutdown()
	s.WaitForShutdown()
	natstest.Run(t, dir, n)
	if err := <-ended; !errors.Is(err, bus.ErrBroken) {
		t.Fatalf("the take ended with %v", err)
	}
	err := b.Take(t.Context(), third, func(m *bus.Taken) error {
		if got = append(got, string(m.Data)); len(got) == 6 {
			return errEnough
		}
		return nil
	})
	if want := strings.Fields("0 1 2 0 1 2"); !errors.Is(err, errEnough) || !slices.Equal(got, want) {
		t.Errorf("took %v, %v; want %v", got, err, want)
	}
}

func TestTheWindowBoundsWhatIsUnsettled(t *testing.T) {
	b := natstest.Connect(t, natstest.Start(t))
	effects(t, b, 3, 0, 20)
	var open []*bus.Taken
	n := 0
	err := b.Take(t.Context(), third, func(m *bus.Taken) error {
		n++
		if open = append(open, m); len(open) > third.Window {
			t.Errorf("%d messages are unsettled", len(open))
		}
		if n == 20 {
			return errEnough
		}
		if len(open) == third.Window {
			for _, o := range open {
				if err := o.Done(t.Context()); err != nil {
					return err
				}
			}
			open = nil
		}
		return nil
	})
	if !errors.Is(err, errEnough) {
		t.Error(err)
	}
}

func TestWhatIsForgottenCanBeRecalledUntilItIsDone(t *testing.T) {
	b := natstest.Connect(t, natstest.Start(t))
	effects(t, b, 3, 41, 42)
	err := b.Take(t.Context(), third, func(m *bus.Taken) error {
		m.Forget()
		if err := m.Recall(t.Context()); err != nil || string(m.Data) != "41" {
			t.Errorf("recalled %q, %v", m.Data, err)
		}
		if err := m.Done(t.Context()); err != nil {
			return err
		}
		m.Forget()
		if err := m.Recall(t.Context()); !errors.Is(err, bus.ErrGone) {
			t.Errorf("recalling what is done gave %v", err)
		}
		return errEnough
	})
	if !errors.Is(err, errEnough) {
		t.Error(err)
	}
}
