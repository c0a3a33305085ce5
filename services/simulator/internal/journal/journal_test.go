package journal

import (
	"context"
	"fmt"
	"testing"
)

func number(n int) int { return n }

func TestOldEntriesFallOff(t *testing.T) {
	j := New[int](3)
	for range 6 {
		j.Add(number)
	}
	if got := fmt.Sprint(j.All()); got != "[3 4 5]" || j.Len() != 6 {
		t.Errorf("kept %s of %d, want [3 4 5] of 6", got, j.Len())
	}
	if got := fmt.Sprint(j.From(4)); got != "[4 5]" {
		t.Errorf("from 4 on it is %s", got)
	}
	if got := fmt.Sprint(j.From(9)); got != "[]" {
		t.Errorf("from 9 on it is %s", got)
	}
}

func TestFollow(t *testing.T) {
	j := New[int](100)
	j.Add(number)
	j.Add(number)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var got []int
	for e := range j.Follow(ctx, 1) { // each entry leads to the next
		got = append(got, e)
		if e == 50 {
			cancel()
		}
		go j.Add(number)
	}
	if len(got) != 50 || got[0] != 1 || got[49] != 50 {
		t.Errorf("followed %v, want 1 to 50", got)
	}
	for range j.Follow(ctx, 0) {
		t.Error("followed after the end")
	}
}

// TestFollowOfTheFuture begins at an entry that is not there yet.
func TestFollowOfTheFuture(t *testing.T) {
	j := New[int](100)
	go func() {
		for range 20 {
			j.Add(number)
		}
	}()
	for e := range j.Follow(t.Context(), 10) {
		if e != 10 {
			t.Errorf("the first entry is %d, want 10", e)
		}
		break
	}
}
