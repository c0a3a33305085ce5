package rest

import (
	"cmp"
	"net/http"
	"sync"
	"time"

	"antiraid/services/simulator/internal/discord"
)

// Fault is what a request gets in place of its answer. The zero value spoils the next request with a 500.
type Fault struct {
	Method string `json:"method,omitempty"` // empty: any
	Route  string `json:"route,omitempty"`  // as in the journal, such as /channels/{channel}/messages; empty: any
	Times  int    `json:"times,omitempty"`  // how many requests; 0: one; below 0: until [API.Mend]

	Delay  time.Duration `json:"delay,omitempty"`  // before the answer
	Honest bool          `json:"honest,omitempty"` // only the delay: then the ordinary answer
	Apply  bool          `json:"apply,omitempty"`  // the request takes effect, whatever is answered
	Cut    bool          `json:"cut,omitempty"`    // the connection is cut in place of an answer
	Status int           `json:"status,omitempty"` // 0: 500
	// Scope of a 429: user, shared, global, or cloudflare for one with HTML and without Discord's headers. Sets Status.
	Scope      string        `json:"scope,omitempty"`
	RetryAfter time.Duration `json:"retry_after,omitempty"` // of a 429
	Body       string        `json:"body,omitempty"`        // in place of the usual one; need not be JSON
}

// faults are those to come, in order.
type faults struct {
	mu   sync.Mutex
	list []Fault
}

// Spoil adds a fault. The first one that fits a request is used.
func (a *API) Spoil(f Fault) {
	a.faults.mu.Lock()
	defer a.faults.mu.Unlock()
	f.Times = cmp.Or(f.Times, 1)
	a.faults.list = append(a.faults.list, f)
}

// Mend drops all faults.
func (a *API) Mend() {
	a.faults.mu.Lock()
	defer a.faults.mu.Unlock()
	a.faults.list = nil
}

func (fs *faults) take(method, route string) (Fault, bool) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	for i := range fs.list {
		f := &fs.list[i]
		if f.Times == 0 || f.Method != "" && f.Method != method || f.Route != "" && f.Route != route {
			continue
		}
		if f.Times > 0 {
			f.Times--
		}
		return *f, true
	}
	return Fault{}, false
}

// spoil answers a request as a fault says.
func (a *API) spoil(w http.ResponseWriter, c *call, f Fault, formErr error) {
	c.faulted = true
	if f.Delay > 0 {
		timer := time.NewTimer(f.Delay)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-c.r.Context().Done():
		}
	}
	if f.Honest {
		a.answer(w, c, formErr)
		return
	}
	if f.Apply && a.admit(c) == nil {
		c.do(formErr)
	}
	switch {
	case f.Cut:
		a.cut(c)
	case f.Scope == "cloudflare":
		a.block(w, c, f.RetryAfter)
	case f.Scope != "":
		if f.Scope != "global" && c.route.limit.Size > 0 {
			tellBucket(w.Header(), a.limits.Take(c.route.limit, c.major()))
		}
		a.tooMany(w, c, f.Scope, f.RetryAfter)
	case f.Body != "":
		a.send(w, c, cmp.Or(f.Status, http.StatusInternalServerError), []byte(f.Body))
	default:
		status := cmp.Or(f.Status, http.StatusInternalServerError)
		a.send(w, c, status, discord.Encode(map[string]any{"code": 0, "message": http.StatusText(status)}))
	}
}

// cut ends the connection without an answer.
func (a *API) cut(c *call) {
	entry := c.entry(0, nil)
	a.journal.Add(func(n int) Request {
		entry.Number = n
		return entry
	})
	panic(http.ErrAbortHandler)
}
