package health_test

import (
	"testing"
	"testing/synctest"
	"time"

	"antiraid/shared/health"
)

func TestWhatIsAwayForLongIsNamedUntilItIsBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s health.State
		part := health.Of(health.In(t.Context(), &s))
		check := func(want string) {
			t.Helper()
			got := ""
			if err := s.Err(5 * time.Second); err != nil {
				got = err.Error()
			}
			if got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		}
		check("")
		part.Away("the queue")
		<-time.After(4 * time.Second)
		part.Away("the queue") // no news
		part.Away("the database")
		check("")
		<-time.After(2 * time.Second)
		check("the queue has been away for 6s")
		part.Back("the queue")
		check("")
		<-time.After(4 * time.Second)
		check("the database has been away for 6s")
		part.Back("the database")
		part.Back("the database")
		check("")
	})
}

func TestWithoutAStateReportsGoNowhere(t *testing.T) {
	health.Of(t.Context()).Away("the queue")
	if err := health.Of(t.Context()).Err(0); err != nil {
		t.Error(err)
	}
}
