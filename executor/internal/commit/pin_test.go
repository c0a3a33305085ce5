package commit

import (
	"encoding/json"
	"errors"
	"testing"

	"antiraid/shared/natstest"
)

func TestARunThatAwaitsIsNotBegunAgain(t *testing.T) {
	s := process(t, natstest.Start(t))
	ten := acquire(t, s, 0)
	waits := ten.Group().Begin(identity(1, Main), performer(func() {}))
	if _, err := waits.Get(t.Context(), "a"); err != nil {
		t.Fatal(err)
	}
	if _, err := waits.Do(t.Context(), "create_message", json.RawMessage(`{}`), true); err != nil {
		t.Fatal(err)
	}
	another := identity(2, Interactive)
	another.Template = "another"
	free := ten.Group().Begin(another, nil)
	free.Set(t.Context(), "a", json.RawMessage("1"))
	if err := commit(t, free); err != nil { // another template's state has nothing to do with it
		t.Fatal(err)
	}
	writes := ten.Group().Begin(identity(3, Interactive), nil)
	writes.Set(t.Context(), "a", json.RawMessage("7"))
	add(t, writes, record(writes))
	blocked := make(chan error)
	go func() { blocked <- writes.group.Commit(t.Context(), nil) }()
	waits.Set(t.Context(), "a", json.RawMessage("1"))
	if err := commit(t, waits); err != nil {
		t.Errorf("a run that has awaited an effect ended with %v", err)
	}
	if ten.Pinned(Interactive) || !ten.Pinned(Main) {
		t.Error("the pin is not the main lane's")
	}
	ten.Unpin(Main)
	if err := <-blocked; err != nil {
		t.Errorf("the other lane's run, which has read nothing, ended with %v", err)
	}
	if a := value(t, s, "a"); a != "7" {
		t.Errorf("a=%s, want what was committed last", a)
	}
}

func TestTheSecondRunThatAwaitsWaitsForItsTurn(t *testing.T) {
	s := process(t, natstest.Start(t))
	ten := acquire(t, s, 0)
	do := func(tx *Tx, op string) error {
		_, err := tx.Do(t.Context(), op, json.RawMessage(`{}`), true)
		return err
	}
	first := ten.Group().Begin(identity(1, Main), performer(func() {}))
	if err := do(first, "create_message"); err != nil {
		t.Fatal(err)
	}
	second := ten.Group().Begin(identity(2, Interactive), performer(func() {}))
	if _, err := second.Get(t.Context(), "a"); err != nil {
		t.Fatal(err)
	}
	if err := do(second, "get_member"); err != nil { // a read needs no turn
		t.Fatal(err)
	}
	done := make(chan error)
	go func() { done <- do(second, "create_message") }()
	first.Set(t.Context(), "a", json.RawMessage("1"))
	if err := commit(t, first); err != nil {
		t.Fatal(err)
	}
	ten.Unpin(Main)
	if err := <-done; !errors.Is(err, ErrConflict) {
		t.Errorf("an effect was asked for by a run that has read what is no more: %v", err)
	}
}
