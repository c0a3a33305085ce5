package library

import "testing"

func TestACacheIsBoundedByNumberAndBytes(t *testing.T) {
	c, err := newCache[string, int](3, 100)
	if err != nil {
		t.Fatal(err)
	}
	want := func(when string, bytes int64, keys ...string) {
		t.Helper()
		if c.bytes != bytes || c.lru.Len() != len(keys) {
			t.Errorf("%s: %d values of %d bytes, want %d of %d", when, c.lru.Len(), c.bytes, len(keys), bytes)
		}
		for _, k := range keys {
			if !c.lru.Contains(k) {
				t.Errorf("%s: %s is gone", when, k)
			}
		}
	}
	c.add("a", 1, 10)
	c.add("b", 2, 10)
	c.add("c", 3, 10)
	want("all fit", 30, "a", "b", "c")
	if v, ok := c.get("a"); v != 1 || !ok {
		t.Errorf("a is %d, %v", v, ok)
	}
	c.add("d", 4, 10)
	want("one too many", 30, "a", "c", "d")
	c.add("a", 5, 50)
	want("another value", 70, "a", "c", "d")
	c.add("e", 6, 45)
	want("too many bytes", 95, "a", "e")
	c.add("f", 7, 1000)
	want("larger than all", 1000, "f")
	if v, ok := c.get("a"); ok {
		t.Errorf("a is %d", v)
	}
}
