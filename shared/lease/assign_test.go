package lease

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

func crew(names ...string) []candidate {
	var list []candidate
	for _, n := range names {
		list = append(list, candidate{id: n + "-1", name: n})
	}
	return list
}

func names(prefix string, m int) []string {
	list := make([]string, m)
	for i := range list {
		list[i] = fmt.Sprintf("%s%d", prefix, i)
	}
	return list
}

func moved(a, b []string) (n int) {
	for i := range a {
		if a[i] != b[i] {
			n++
		}
	}
	return n
}

func TestAssignIsFair(t *testing.T) {
	for _, n := range []int{1, 2, 16, 64, 100} {
		for m := 1; m <= 12; m++ {
			load := map[string]int{}
			for _, owner := range assign(n, crew(names("m", m)...)) {
				load[owner]++
			}
			for _, c := range crew(names("m", m)...) {
				if have := load[c.id]; have != n/m && have != (n+m-1)/m {
					t.Errorf("%d slices, %d members: %s has %d", n, m, c.id, have)
				}
			}
		}
	}
}

// TestAssignNeverChanges holds the hash in place: members of different builds work side by side.
func TestAssignNeverChanges(t *testing.T) {
	want := []string{"c-1", "a-1", "b-1", "a-1", "a-1", "b-1", "c-1", "c-1"}
	if have := assign(8, crew("a", "b", "c")); !slices.Equal(have, want) {
		t.Errorf("have %q, want %q", have, want)
	}
	if have := assign(2, nil); !slices.Equal(have, []string{"", ""}) {
		t.Errorf("without members: %q", have)
	}
}

// TestAssignMovesLittle bounds what a join moves, and so what a leave does: the bound on load costs something over plain rendezvous hashing.
func TestAssignMovesLittle(t *testing.T) {
	const trials, slices = 100, 64
	for m := 1; m <= 10; m++ {
		total := 0
		for trial := range trials {
			all := crew(names(fmt.Sprintf("t%d-", trial), m+1)...)
			total += moved(assign(slices, all[:m]), assign(slices, all))
		}
		least := float64(slices) / float64(m+1)
		have := float64(total) / trials
		if have > 2*least {
			t.Errorf("%d members and one more: %.1f slices moved, the least is %.1f", m, have, least)
		}
		t.Logf("%d members and one more: %.1f slices moved, the least is %.1f", m, have, least)
	}
}

func FuzzAssign(f *testing.F) {
	f.Add(uint64(1), uint16(64), uint8(3))
	f.Add(uint64(2), uint16(1), uint8(9))
	f.Fuzz(func(t *testing.T, seed uint64, n uint16, m uint8) {
		slicesN, members := int(n%512), crew(names(fmt.Sprint(seed), int(m%24))...)
		want := assign(slicesN, members)
		shuffled := slices.Clone(members)
		rand.New(rand.NewPCG(seed, 0)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if have := assign(slicesN, shuffled); !slices.Equal(have, want) {
			t.Errorf("the order of the members matters: %q and %q", have, want)
		}
		load := map[string]int{}
		for _, owner := range want {
			load[owner]++
		}
		for owner, have := range load {
			if len(members) > 0 && (owner == "" || have > (slicesN+len(members)-1)/len(members)) {
				t.Errorf("%d slices, %d members: %q has %d", slicesN, len(members), owner, have)
			}
		}
	})
}
