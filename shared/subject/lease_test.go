package subject

import "testing"

func TestLeaseKeys(t *testing.T) {
	for _, n := range []int{0, 7, 63, 100, 1234} {
		group, got, err := ParseSliceKey(SliceKey("gateway-16", n))
		if err != nil || group != "gateway-16" || got != n {
			t.Errorf("slice %d: read back as %q %d, %v", n, group, got, err)
		}
	}
	if key := SliceKey("executor", 7); key != "executor.slice.07" {
		t.Errorf("slice 7 is %s", key)
	}
	for _, id := range []string{"a", "host.example-1", "Ä b>*", "x=3D"} {
		group, got, err := ParseMemberKey(MemberKey("rest", id))
		if err != nil || group != "rest" || got != id {
			t.Errorf("member %q: read back as %q %q, %v", id, group, got, err)
		}
	}
}

func FuzzParseLeaseKeys(f *testing.F) {
	f.Add("executor.slice.07")
	f.Add("executor.slice.7")
	f.Add("executor.member.a=2Eb")
	f.Add("executor.member.a.b")
	f.Fuzz(func(t *testing.T, key string) {
		if group, n, err := ParseSliceKey(key); err == nil && SliceKey(group, n) != key {
			t.Errorf("%q was read as slice %d of %s", key, n, group)
		}
		if group, id, err := ParseMemberKey(key); err == nil && MemberKey(group, id) != key {
			t.Errorf("%q was read as member %q of %s", key, id, group)
		}
	})
}
