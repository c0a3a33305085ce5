package simulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"antiraid/services/simulator/internal/scenario"
)

// handler serves Discord, and beside it what a Discord does not have, below /simulator.
func (s *Simulator) handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/api/", s.rest)
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "ok\n") })
	mux.HandleFunc("GET /simulator/journal", s.serveJournal)
	mux.HandleFunc("GET /simulator/signals", s.serveSignals)
	mux.HandleFunc("POST /simulator/scenario/{name}", s.serveScenario)
	mux.HandleFunc("POST /simulator/act/{deed}", s.serveDeed)
	mux.HandleFunc("POST /simulator/dispatch", s.serveDispatch)
	mux.HandleFunc("POST /simulator/faults", s.serveFault)
	mux.HandleFunc("DELETE /simulator/faults", func(w http.ResponseWriter, _ *http.Request) { s.rest.Mend() })
	mux.HandleFunc("POST /simulator/behaviour", s.serveBehaviour)
	mux.HandleFunc("POST /simulator/gateway/{action}", s.serveGateway)
	mux.HandleFunc("/", s.serveSocket)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.serving.RLock()
		defer s.serving.RUnlock()
		mux.ServeHTTP(w, r)
	})
}

const help = `A simulated Discord.
  /api/v10/...                       Discord's HTTP API
  ws:// on this address              Discord's gateway
  GET  /simulator/journal            requests received, as JSON lines (?follow=1: also those to come, ?from=N)
  GET  /simulator/signals            what happened on the gateway's connections, likewise
  POST /simulator/scenario/NAME      play a scenario: %s (?count=N&every=100ms&times=N&sessions=N)
  POST /simulator/act/DEED           write {"content":"!count"}, join {"name":"mallory"}, leave {"user":"1"}, react {"message":"1","emoji":"👋"},
                                     use {"command":"remind","user_installed":true}; who and where as "user", "guild", "channel", else the sample's
  POST /simulator/dispatch           send any event: {"guild":"1","type":"SOMETHING","d":{}}
  POST /simulator/faults             spoil requests: {"route":"/channels/{channel}/messages","status":500,"apply":true}; DELETE: no more
  POST /simulator/behaviour          treat connections from now on: {"delay_ready":"60s","no_ack":true}; ?next=1: the next one only
  POST /simulator/gateway/ACTION     drop, freeze, mute, reconnect, invalidate, invalidate-resumable, close-CODE (?shard=N)
  GET  /healthz
`

// serveSocket is the gateway, on every path that is nothing else, as clients append to its URL in their own ways.
func (s *Simulator) serveSocket(w http.ResponseWriter, r *http.Request) {
	if strings.EqualFold(r.Header.Get("Upgrade"), "websocket") {
		s.gateway.ServeHTTP(w, r)
		return
	}
	if r.URL.Path != "/" {
		http.NotFound(w, r)
		return
	}
	names := []string{}
	for _, sc := range scenario.All() {
		names = append(names, sc.Name)
	}
	fmt.Fprintf(w, help, strings.Join(names, ", "))
}

func (s *Simulator) serveJournal(w http.ResponseWriter, r *http.Request) {
	serveLines(w, r, s.Journal())
}

func (s *Simulator) serveSignals(w http.ResponseWriter, r *http.Request) {
	serveLines(w, r, s.gateway.Signals())
}

// serveScenario plays, and answers when the play is over, with a report for each time.
func (s *Simulator) serveScenario(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	every, durationErr := duration(q.Get("every"))
	count, countErr := number(q.Get("count"))
	times, timesErr := number(q.Get("times"))
	sessions, sessionsErr := number(q.Get("sessions"))
	if err := errors.Join(durationErr, countErr, timesErr, sessionsErr); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if _, err := scenario.Find(r.PathValue("name")); err != nil {
		http.Error(w, err.Error(), http.StatusNotFound)
		return
	}
	if err := s.AwaitSessions(r.Context(), sessions); err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "application/x-ndjson")
	for range max(1, times) {
		report, err := s.Play(r.Context(), r.PathValue("name"), Options{Count: count, Every: every})
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		json.NewEncoder(w).Encode(report)
	}
}

func (s *Simulator) serveGateway(w http.ResponseWriter, r *http.Request) {
	chosen := s.gateway.All()
	if text := r.URL.Query().Get("shard"); text != "" {
		shard, err := strconv.Atoi(text)
		if err != nil {
			http.Error(w, fmt.Sprintf("shard %q: want a number", text), http.StatusBadRequest)
			return
		}
		chosen = s.gateway.Shard(shard)
	}
	switch action := r.PathValue("action"); action {
	case "drop":
		chosen.Drop()
	case "freeze":
		chosen.Freeze()
	case "mute":
		chosen.Mute(true)
	case "reconnect":
		chosen.Reconnect()
	case "invalidate":
		chosen.Invalidate(false)
	case "invalidate-resumable":
		chosen.Invalidate(true)
	default:
		code, err := strconv.Atoi(strings.TrimPrefix(action, "close-"))
		if err != nil || code < 3000 || code > 4999 {
			http.Error(w, fmt.Sprintf("action %q: see GET /", action), http.StatusNotFound)
			return
		}
		chosen.Close(code)
	}
	fmt.Fprintf(w, "%d connections\n", len(chosen))
}

func number(text string) (int, error) {
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("%q: want a number", text)
	}
	return n, nil
}

func duration(text string) (time.Duration, error) {
	if text == "" {
		return 0, nil
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		return 0, fmt.Errorf("%q: want a duration such as 100ms", text)
	}
	return d, nil
}
