package simulator

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"antiraid/services/simulator/internal/gateway"
	"antiraid/services/simulator/internal/rest"
)

// period is a duration as people write it: "1.5s".
type period time.Duration

func (p *period) UnmarshalText(text []byte) error {
	d, err := time.ParseDuration(string(text))
	if err != nil || d < 0 {
		return fmt.Errorf("%q: want a duration such as 1.5s", text)
	}
	*p = period(d)
	return nil
}

// read decodes a request's JSON; a field that means nothing is an error, which is answered.
func read(w http.ResponseWriter, r *http.Request, v any) bool {
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		http.Error(w, fmt.Sprintf("read the request: %v", err), http.StatusBadRequest)
		return false
	}
	return true
}

func (s *Simulator) serveFault(w http.ResponseWriter, r *http.Request) {
	var f struct {
		rest.Fault
		Delay      period `json:"delay"`
		RetryAfter period `json:"retry_after"`
	}
	if read(w, r, &f) {
		f.Fault.Delay, f.Fault.RetryAfter = time.Duration(f.Delay), time.Duration(f.RetryAfter)
		s.rest.Spoil(f.Fault)
	}
}

func (s *Simulator) serveBehaviour(w http.ResponseWriter, r *http.Request) {
	var b struct {
		gateway.Behaviour
		DelayHello period `json:"delay_hello"`
		DelayReady period `json:"delay_ready"`
		Heartbeat  period `json:"heartbeat"`
	}
	if !read(w, r, &b) {
		return
	}
	b.Behaviour.DelayHello, b.Behaviour.DelayReady = time.Duration(b.DelayHello), time.Duration(b.DelayReady)
	b.Behaviour.Heartbeat = time.Duration(b.Heartbeat)
	if r.URL.Query().Get("next") != "" {
		s.gateway.Next(b.Behaviour)
	} else {
		s.gateway.Behave(b.Behaviour)
	}
}

// serveDispatch sends an event of any type.
func (s *Simulator) serveDispatch(w http.ResponseWriter, r *http.Request) {
	var e struct {
		Guild ID              `json:"guild"`
		Type  string          `json:"type"`
		D     json.RawMessage `json:"d"`
	}
	if read(w, r, &e) {
		s.Dispatch(e.Guild, e.Type, e.D)
	}
}
