package commit

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"antiraid/shared/kv"
	"antiraid/shared/natstest"
	"antiraid/shared/subject"
)

// While a commit is applied its values are seen together: all new. A run that has read one before is stale, also if it changes nothing.
func TestACommitIsSeenAllAtOnce(t *testing.T) {
	s := process(t, natstest.Start(t))
	ten := acquire(t, s, 0)
	if err := commit(t, transfer(t, ten, identity(1, Main))); err != nil {
		t.Fatal(err)
	}
	read := func(tx *Tx, key string) string {
		v, err := tx.Get(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		return string(v)
	}
	before := ten.Group().Begin(identity(2, Interactive), nil)
	read(before, "a")
	stopped := errors.New("between the commit and the first write")
	s.point = func(point string) error {
		if point == "write" {
			return stopped
		}
		return nil
	}
	if err := commit(t, transfer(t, ten, identity(3, Main))); !errors.Is(err, stopped) {
		t.Fatal(err)
	}
	during := ten.Group().Begin(identity(2, Interactive), nil)
	if a, b := read(during, "a"), read(during, "b"); a != "-2" || b != "2" {
		t.Errorf("a run that reads while a commit is applied sees a=%s b=%s", a, b)
	}
	if keys, _, err := during.List(t.Context(), "seen.", 10, func() {}); err != nil || len(keys) != 2 {
		t.Errorf("it lists %v, %v", keys, err)
	}
	if during.Stale() || !before.Stale() {
		t.Errorf("stale: the run that began before %t, the one that began after %t", before.Stale(), during.Stale())
	}
}

// What was applied once is not applied again because its tenant was forgotten meanwhile: what it sent may be older than anybody remembers.
func TestATenantThatComesBackRepeatsNothing(t *testing.T) {
	s := process(t, natstest.Start(t))
	ten := acquire(t, s, 0)
	if err := commit(t, transfer(t, ten, identity(10, Main))); err != nil {
		t.Fatal(err)
	}
	s.Release(ten)
	s.mu.Lock()
	s.idle.Purge()
	s.mu.Unlock()
	var points []string
	s.point = func(point string) error {
		points = append(points, point)
		return nil
	}
	s.Release(acquire(t, s, 0))
	if len(points) > 0 {
		t.Errorf("a tenant that came back did %v", points)
	}
	s.Forget(guild.Partition()) // another process may have had it meanwhile
	acquire(t, s, 0)
	if len(points) == 0 {
		t.Error("a tenant whose partition was away applied nothing again")
	}
}

// A power cut may take commits away that have left marks in the state: they do not stand in the way of new ones.
func TestMarksOfLostCommitsCountForNothing(t *testing.T) {
	url := natstest.Start(t)
	put := func(n uint64) {
		s := process(t, url) // a new process each time: it remembers nothing
		tx := acquire(t, s, n-1).Group().Begin(identity(n, Main), nil)
		tx.Set(t.Context(), "k", json.RawMessage(fmt.Sprint(n)))
		if err := commit(t, tx); err != nil {
			t.Fatal(err)
		}
		if got := value(t, s, "k"); got != fmt.Sprint(n) {
			t.Errorf("commit %d is done, and k is %s", n, got)
		}
	}
	for n := range uint64(5) {
		put(n + 1)
	}
	if err := process(t, url).bus.JetStream().DeleteKeyValue(t.Context(), subject.Heads); err != nil {
		t.Fatal(err)
	}
	for n := range uint64(5) {
		put(n + 6)
	}
}

func TestAScopeWithTooManyKeysIsNotListed(t *testing.T) {
	s := process(t, natstest.Start(t))
	var sent []kv.Write
	for n := range maxKeys + 1 {
		w, err := s.state.Send(subject.StateKey(guild, "tpl", fmt.Sprint(n)), []byte("1"), 0, kv.Mark{})
		if err != nil {
			t.Fatal(err)
		}
		if sent = append(sent, w); len(sent) == 1000 || n == maxKeys {
			for _, w := range sent {
				if _, err := w.Wait(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			sent = sent[:0]
		}
	}
	ten := acquire(t, s, 0)
	tx := ten.Group().Begin(identity(1, Main), nil)
	if keys, _, err := tx.List(t.Context(), "", 10, func() {}); err == nil || !strings.Contains(err.Error(), "50000 keys") {
		t.Errorf("listed %v, %v", keys, err)
	}
	if v, err := tx.Get(t.Context(), "7"); err != nil || string(v) != "1" {
		t.Errorf("read %s, %v", v, err)
	}
}
