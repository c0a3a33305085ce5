package tenant_test

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"antiraid/shared/tenant"
)

func TestParseAcceptsOneSpelling(t *testing.T) {
	for _, s := range []string{"g-1", "u-81384788765712384", "g-18446744073709551615"} {
		id, err := tenant.Parse(s)
		if err != nil || id.String() != s {
			t.Errorf("Parse(%q) = %v, %v; want the same spelling back", s, id, err)
		}
	}
	for _, s := range []string{"", "g", "g-", "-1", "g-0", "g-01", "g-+1", "g--1", "G-1", "x-1", "gg-1", "g-1 ", " g-1", "g-1.u-2", "g-1-2", "g-18446744073709551616", "g-١"} {
		if id, err := tenant.Parse(s); err == nil {
			t.Errorf("Parse(%q) = %v, want an error", s, id)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("g-1")
	f.Add("u-00")
	f.Fuzz(func(t *testing.T, s string) {
		id, err := tenant.Parse(s)
		if err == nil && id.String() != s {
			t.Fatalf("%q was read as %q", s, id)
		}
		if err != nil && strings.Count(err.Error(), "") > 600 {
			t.Fatalf("the error repeats too much of its input: %d bytes", len(err.Error()))
		}
	})
}

// Changing any of these moves stored events away from their tenants.
func TestPartitionIsFixedForEver(t *testing.T) {
	for s, want := range map[string]int{"g-1": 24, "u-1": 27, "g-81384788765712384": 36, "u-81384788765712384": 37} {
		id, _ := tenant.Parse(s)
		if got := id.Partition(); got != want {
			t.Errorf("partition of %s = %d, want %d", s, got, want)
		}
	}
}

func TestPartitionsAreEven(t *testing.T) {
	const n = 64_000
	var count [tenant.Partitions]int
	for i := range uint64(n) {
		id, _ := tenant.Parse("g-" + strconv.FormatUint((i*86_400_000+i)<<22, 10))
		if !id.IsZero() {
			count[id.Partition()]++
		}
	}
	for p, c := range count {
		if mean := float64(n) / tenant.Partitions; math.Abs(float64(c)-mean) > 0.2*mean {
			t.Errorf("partition %d holds %d tenants, mean %.0f", p, c, mean)
		}
	}
}
