package fifo

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestAKeyKeepsItsOrderAndRunsAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := New(3)
		var mu sync.Mutex
		got, running, most := map[string][]int{}, map[string]int{}, 0
		random := rand.New(rand.NewPCG(1, 2))
		for i := range 2000 {
			g, k := fmt.Sprint(random.IntN(3)), fmt.Sprint(random.IntN(7))
			pause := time.Duration(random.IntN(5)) * time.Millisecond
			q.Push(g, k, func() {
				mu.Lock()
				running[g+k]++
				running[g]++
				most = max(most, running[g])
				if running[g+k] > 1 {
					t.Errorf("%d jobs of one key run at once", running[g+k])
				}
				got[g+k] = append(got[g+k], i)
				mu.Unlock()
				<-time.After(pause)
				mu.Lock()
				running[g+k]--
				running[g]--
				mu.Unlock()
			})
		}
		q.Wait()
		n := 0
		for key, list := range got {
			if n += len(list); !slices.IsSorted(list) {
				t.Errorf("key %s ran as %v", key, list)
			}
		}
		if n != 2000 || most != 3 || len(q.groups) != 0 {
			t.Errorf("%d jobs ran, at most %d of a group at once, %d groups are left", n, most, len(q.groups))
		}
	})
}

func TestASlowKeyHoldsUpNobodyElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q, never := New(2), make(chan struct{})
		q.Push("a", "slow", func() { <-never })
		done := make(chan string, 8)
		q.Push("a", "slow", func() { done <- "slow" })
		q.Push("a", "quick", func() { done <- "quick" })
		q.Push("b", "other", func() { done <- "other" })
		synctest.Wait()
		if len(done) != 2 {
			t.Errorf("%d jobs ran beside the slow one", len(done))
		}
		close(never)
		q.Wait()
		if len(done) != 3 {
			t.Errorf("%d jobs ran in the end", len(done))
		}
	})
}

func TestAFullGroupTakesTurnsAndLeavesOthersAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := New(2)
		began := time.Now()
		var late, quiet time.Duration
		for i := range 100 {
			for range 5 {
				q.Push("flood", fmt.Sprint(i), func() { <-time.After(time.Second) })
			}
		}
		q.Push("flood", "late", func() { late = time.Since(began) })
		q.Push("quiet", "x", func() { quiet = time.Since(began) })
		q.Wait()
		if quiet != 0 || late != 50*time.Second {
			t.Errorf("the quiet group waited %s, the flood's own last key %s, want one round of 50s", quiet, late)
		}
	})
}
