package discord

import (
	"encoding/json"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func FuzzParseID(f *testing.F) {
	for _, seed := range []string{"0", "1", "81384788765712384", "18446744073709551615", "18446744073709551616", "01", "-1", "+1", "1e3", "", "x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		id, err := ParseID(text)
		if err == nil && id.String() != text {
			t.Errorf("%q was read as %d: an id has one spelling", text, id)
		}
		var again ID
		data, _ := json.Marshal(id)
		if err := json.Unmarshal(data, &again); err != nil || again != id {
			t.Errorf("%s became %d, %v", data, again, err)
		}
	})
}

func TestIDTellsItsTime(t *testing.T) {
	// The example of Discord's documentation.
	if got, want := ID(175928847299117063).Time(), time.UnixMilli(1462015105796).UTC(); !got.Equal(want) {
		t.Errorf("time of 175928847299117063 is %v, want %v", got, want)
	}
}

func TestIDsGrowAndAreUnique(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMinter(time.Now)
		var mu sync.Mutex
		seen := map[ID]bool{}
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				last := ID(0)
				for range 2000 { // 16,000 in one millisecond
					id := m.Next()
					mu.Lock()
					if seen[id] || id <= last {
						t.Errorf("id %d after %d, seen before: %v", id, last, seen[id])
					}
					seen[id], last = true, id
					mu.Unlock()
				}
			})
		}
		all.Wait()
		before := m.Next()
		time.Sleep(time.Second)
		if after := m.Next(); after.Time().Sub(before.Time()) < 900*time.Millisecond {
			t.Errorf("a second later the id's time is %v, was %v", after.Time(), before.Time())
		}
	})
}

func TestRefusalsAreNested(t *testing.T) {
	e := Invalid(Fields{"": {"A", "a"}, "content": {"B", "b"}, "embeds.0.title": {"C", "c"}})
	want := `{"code":50035,"errors":{"_errors":[{"code":"A","message":"a"}],"content":{"_errors":[{"code":"B","message":"b"}]},` +
		`"embeds":{"0":{"title":{"_errors":[{"code":"C","message":"c"}]}}}},"message":"Invalid Form Body"}`
	if got := string(Encode(e)); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
