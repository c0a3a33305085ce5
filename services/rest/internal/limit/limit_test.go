package limit

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

var (
	post = Route{Name: "POST /channels/{channel}/messages", Major: "70"}
	edit = Route{Name: "PATCH /channels/{channel}/messages", Major: "70"}
	call = Route{Name: "POST /interactions/{interaction}/{token}/callback", Major: "4", Callback: true}
)

func plenty() *Limiter { return New(Config{PerSecond: 100_000, Invalid: 1000}) }

// answer makes an answer; headers are pairs.
func answer(status int, body string, headers ...string) *Answer {
	a := &Answer{Status: status, Header: http.Header{}, Body: []byte(body)}
	for i := 0; i+1 < len(headers); i += 2 {
		a.Header.Set(headers[i], headers[i+1])
	}
	return a
}

// quotaLeft is an answer of a bucket of 5 per 5 s.
func quotaLeft(hash string, remaining int, after string) *Answer {
	return answer(200, "{}", "X-RateLimit-Bucket", hash, "X-RateLimit-Limit", "5", "X-RateLimit-Remaining", fmt.Sprint(remaining), "X-RateLimit-Reset-After", after)
}

func acquire(t *testing.T, l *Limiter, r Route) *Permit {
	t.Helper()
	p, err := l.Acquire(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// waited is how long it takes to get a permit, given back at once.
func waited(t *testing.T, l *Limiter, r Route) time.Duration {
	t.Helper()
	began := time.Now()
	acquire(t, l, r).Cancel()
	return time.Since(began).Round(time.Millisecond)
}

func TestAnUnknownBucketIsUsedOneAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := plenty()
		first := acquire(t, l, post)
		time.AfterFunc(3*time.Second, func() { first.Done(quotaLeft("abc", 4, "5")) })
		if w := waited(t, l, post); w != 3*time.Second {
			t.Errorf("the second waited %s", w)
		}
		other := post
		other.Major = "71"
		if w := waited(t, l, other); w != 0 {
			t.Errorf("another channel waited %s", w)
		}
	})
}

func TestAnExhaustedBucketWaitsForItsReset(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := plenty()
		acquire(t, l, post).Done(quotaLeft("abc", 0, "4.25"))
		if w := waited(t, l, post); w != 4250*time.Millisecond {
			t.Errorf("waited %s", w)
		}
	})
}

func TestRoutesOfOneHashShareABucketAndMajorsDoNot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := plenty()
		acquire(t, l, edit).Done(quotaLeft("abc", 4, "5"))
		acquire(t, l, post).Done(quotaLeft("abc", 0, "5"))
		other := edit
		other.Major = "71"
		if w := waited(t, l, other); w != 0 {
			t.Errorf("another channel waited %s", w)
		}
		if w := waited(t, l, edit); w != 5*time.Second {
			t.Errorf("the other route of the bucket waited %s", w)
		}
	})
}

func TestNoMoreAreInFlightThanRemain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := plenty()
		acquire(t, l, post).Done(quotaLeft("abc", 4, "5"))
		var flying []*Permit
		for range 4 {
			flying = append(flying, acquire(t, l, post))
		}
		ctx, cancel := context.WithTimeout(t.Context(), 4*time.Second)
		defer cancel()
		if _, err := l.Acquire(ctx, post); !errors.Is(err, ErrTooLate) {
			t.Errorf("a fifth one gave %v", err)
		}
		// The answers come in any order; none makes more of what remains than Discord will count.
		flying[3].Done(quotaLeft("abc", 0, "5"))
		flying[0].Done(quotaLeft("abc", 3, "5"))
		if b := l.buckets["abc\x0070"]; b.remaining > 1 {
			t.Errorf("%d remain while two are in flight", b.remaining)
		}
	})
}

func TestAfterAResetAtMostOnePeriodIsInFlight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := plenty()
		acquire(t, l, post).Done(quotaLeft("abc", 4, "5"))
		<-time.After(6 * time.Second)
		for range 5 {
			acquire(t, l, post)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if _, err := l.Acquire(ctx, post); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a sixth one gave %v", err)
		}
	})
}

func TestEachKindOf429HoldsWhatItShould(t *testing.T) {
	other := Route{Name: "PUT /guilds/{guild}/bans/{user}", Major: "7"}
	const page = "<html>You are being rate limited</html>"
	for name, tc := range map[string]struct {
		a                  *Answer
		same, others, call time.Duration
		invalid            int
	}{
		"user": {answer(429, `{"retry_after":1.5,"global":false}`, "X-RateLimit-Scope", "user", "X-RateLimit-Bucket", "abc", "X-RateLimit-Limit", "5",
			"X-RateLimit-Remaining", "0", "X-RateLimit-Reset-After", "1.5", "Retry-After", "2"), 1500 * time.Millisecond, 0, 0, 1},
		"shared": {answer(429, `{"retry_after":65.5,"global":false}`, "X-RateLimit-Scope", "shared", "X-RateLimit-Bucket", "abc", "X-RateLimit-Limit", "5",
			"X-RateLimit-Remaining", "4", "X-RateLimit-Reset-After", "1"), 65500 * time.Millisecond, 0, 0, 0},
		"global":           {answer(429, `{"retry_after":2.5,"global":true}`, "X-RateLimit-Scope", "global", "X-RateLimit-Global", "true", "Retry-After", "3"), 2500 * time.Millisecond, 2500 * time.Millisecond, 0, 1},
		"global, old form": {answer(429, `{"retry_after":2.5}`, "X-RateLimit-Global", "true"), 2500 * time.Millisecond, 2500 * time.Millisecond, 0, 1},
		"page":             {answer(429, page), time.Minute, time.Minute, time.Minute, 1},
		"page with a time": {answer(429, page, "Retry-After", "600"), 600 * time.Second, 600 * time.Second, 600 * time.Second, 1},
		"only a header":    {answer(429, `{}`, "Retry-After", "3", "X-RateLimit-Scope", "user"), 3 * time.Second, 0, 0, 1},
		"absurd time":      {answer(429, `{"retry_after":1e300}`, "X-RateLimit-Scope", "user"), 24 * time.Hour, 0, 0, 1},
		"bad token":        {answer(401, `{"code":0}`), badToken, badToken, 0, 1},
		"forbidden":        {answer(403, `{"code":50013}`), 0, 0, 0, 1},
		"not found":        {answer(404, `{"code":10003}`), 0, 0, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := plenty()
				acquire(t, l, post).Done(tc.a)
				var mu sync.Mutex
				got := map[string]time.Duration{}
				var all sync.WaitGroup
				for who, r := range map[string]Route{"same": post, "others": other, "call": call} {
					all.Go(func() {
						w := waited(t, l, r)
						mu.Lock()
						got[who] = w
						mu.Unlock()
					})
				}
				invalid := l.Invalid()
				all.Wait()
				if got["same"] != tc.same || got["others"] != tc.others || got["call"] != tc.call || invalid != tc.invalid {
					t.Errorf("waits %v, want %s, others %s, callbacks %s; %d invalid requests, want %d", got, tc.same, tc.others, tc.call, invalid, tc.invalid)
				}
			})
		})
	}
}

func TestAHoldThatComesWhileWaitingForTheGlobalLimitIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := New(Config{PerSecond: 1})
		for range 2 { // the next has to wait for its turn
			acquire(t, l, Route{Name: "GET /x", Major: fmt.Sprint(l.Buckets())})
		}
		p := acquire(t, l, call)
		time.AfterFunc(time.Millisecond, func() { p.Done(answer(429, "page", "Retry-After", "90")) })
		if w := waited(t, l, post); w < 90*time.Second {
			t.Errorf("waited %s", w)
		}
	})
}

func TestNoWindowOfDiscordsHasMoreThanTheGlobalLimit(t *testing.T) {
	for _, part := range []float64{1, 0.5, 1. / 16} {
		t.Run(fmt.Sprint(part), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := New(Config{PerSecond: 50})
				l.SetShare(part)
				<-time.After(time.Minute)
				var times []time.Time
				for i := range 200 {
					acquire(t, l, Route{Name: "GET /x", Major: fmt.Sprint(i)}).Done(nil)
					times = append(times, time.Now())
				}
				most := 0
				for i, from := range times {
					n, _ := slices.BinarySearchFunc(times, from.Add(1100*time.Millisecond), time.Time.Compare)
					most = max(most, n-i)
				}
				if limit := int(50 * part); most > limit || most < limit-2 {
					t.Errorf("%d requests in 1.1 s, want at most %d and hardly fewer", most, limit)
				}
			})
		})
	}
}

func TestTooManyInvalidRequestsStopEverythingForAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := New(Config{PerSecond: 100_000, Invalid: 20})
		for i := range 20 {
			r := post
			r.Major = fmt.Sprint(i)
			acquire(t, l, r).Done(answer(403, "{}"))
			<-time.After(time.Second)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
		defer cancel()
		if _, err := l.Acquire(ctx, call); !errors.Is(err, ErrTooLate) {
			t.Errorf("a request after 20 invalid ones gave %v", err)
		}
		if w := waited(t, l, post); w < 9*time.Minute || w > 11*time.Minute {
			t.Errorf("waited %s", w)
		}
	})
}

func TestTheWindowForgetsMinuteByMinute(t *testing.T) {
	var w window
	now := time.Unix(1_700_000_000, 0)
	for i := range 30 {
		w.add(now.Add(time.Duration(i) * time.Minute))
	}
	if n := w.count(now.Add(29 * time.Minute)); n != 11 {
		t.Errorf("%d in the window", n)
	}
	if n := w.count(now.Add(time.Hour)); n != 0 {
		t.Errorf("%d after an hour", n)
	}
	at := now.Add(29 * time.Minute)
	if e := w.eases(at); w.count(e) >= w.count(at) || w.count(e.Add(-time.Second)) != w.count(at) {
		t.Errorf("it eases at %s, not when a minute falls out", e)
	}
}

func TestIdleBucketsAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := plenty()
		busy := acquire(t, l, Route{Name: "GET /busy", Major: "1"})
		for i := range 50_000 {
			r := call
			r.Major = fmt.Sprint(i)
			acquire(t, l, r).Done(answer(204, ""))
			<-time.After(100 * time.Millisecond)
		}
		if n := l.Buckets(); n > 3000 {
			t.Errorf("%d buckets are remembered", n)
		}
		if _, ok := l.buckets["GET /busy\x001"]; !ok {
			t.Error("a bucket in use was forgotten")
		}
		busy.Done(nil)
	})
}

func TestAWaitEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := plenty()
		acquire(t, l, post).Done(quotaLeft("abc", 0, "60"))
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		began := time.Now()
		if _, err := l.Acquire(ctx, post); !errors.Is(err, context.Canceled) || time.Since(began) != time.Second {
			t.Errorf("got %v after %s", err, time.Since(began))
		}
		soon, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		began = time.Now()
		if _, err := l.Acquire(soon, post); !errors.Is(err, ErrTooLate) || time.Since(began) != 0 {
			t.Errorf("a wait that cannot succeed gave %v after %s", err, time.Since(began))
		}
	})
}

func FuzzAnswersNeverWedgeABucket(f *testing.F) {
	f.Add(200, "{}", "abc", "5", "0", "1.5", "", "user")
	f.Add(429, `{"retry_after":0.3}`, "", "", "", "", "1", "global")
	f.Add(429, "<html>", "", "-1", "x", "NaN", "Inf", "")
	f.Fuzz(func(t *testing.T, status int, body, hash, limit, remaining, after, retry, scope string) {
		synctest.Test(t, func(t *testing.T) {
			l := plenty()
			a := answer(status, body, "X-RateLimit-Bucket", hash, "X-RateLimit-Limit", limit, "X-RateLimit-Remaining", remaining,
				"X-RateLimit-Reset-After", after, "Retry-After", retry, "X-RateLimit-Scope", scope)
			acquire(t, l, post).Done(a)
			began := time.Now()
			acquire(t, l, post).Done(nil)
			if w := time.Since(began); w > 25*time.Hour {
				t.Fatalf("the next waits %s", w)
			}
		})
	})
}

func TestATenantSpendsOnlyItsOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := New(Config{PerSecond: 100_000, PayerPerSecond: 10, PayerInvalid: 5})
		mine := func(i int) Route { return Route{Name: "GET /channels/{channel}", Major: fmt.Sprint(i), Payer: "g-7"} }
		began := time.Now()
		for i := range 50 {
			acquire(t, l, mine(i)).Done(answer(404, "{}"))
		}
		if w := time.Since(began).Round(time.Millisecond); w != 3*time.Second {
			t.Errorf("50 requests took %s, want 20 at once and 10 a second", w)
		}
		other := Route{Name: "GET /channels/{channel}", Major: "x", Payer: "g-8"}
		if w := waited(t, l, other); w != 0 {
			t.Errorf("another tenant waited %s", w)
		}
		for i := range 5 {
			acquire(t, l, mine(i)).Done(answer(403, "{}"))
		}
		if _, err := l.Acquire(t.Context(), mine(1)); !errors.Is(err, ErrSpent) {
			t.Errorf("after five refusals: %v", err)
		}
		if w := waited(t, l, other); w != 0 {
			t.Errorf("another tenant waited %s", w)
		}
		<-time.After(12 * time.Minute)
		waited(t, l, mine(1))
	})
}

func TestAnAnswerToAnInteractionDoesNotWaitForItsTenantsPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := New(Config{PerSecond: 100_000, PayerPerSecond: 1})
		r := call
		r.Payer = "g-7"
		for i := range 20 {
			r.Major = fmt.Sprint(i)
			if w := waited(t, l, r); w != 0 {
				t.Fatalf("answer %d waited %s", i, w)
			}
		}
	})
}
