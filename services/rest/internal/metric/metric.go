// Package metric is the figures of a rest. Labels are from small closed sets: never tenants or channels.
package metric

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/prometheus/client_golang/prometheus"

	"antiraid/shared/effect"
)

// Set is the figures of a process: several rests in one process share them.
type Set struct {
	effects  *prometheus.CounterVec
	requests *prometheus.CounterVec
	waiting  prometheus.Gauge
	lanes    prometheus.Gauge
}

// New makes the figures and registers them, or finds those that are registered already; with a nil registry nobody sees them.
func New(registry prometheus.Registerer) (*Set, error) {
	s := &Set{
		effects:  prometheus.NewCounterVec(prometheus.CounterOpts(named("effects_total", "Effects that came to an end.")), []string{"op", "end"}),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts(named("requests_total", "Requests to Discord.")), []string{"status"}),
		waiting:  prometheus.NewGauge(prometheus.GaugeOpts(named("effects_waiting", "Effects taken from the stream that have not come to an end."))),
		lanes:    prometheus.NewGauge(prometheus.GaugeOpts(named("lanes_held", "Lanes that this process works on."))),
	}
	if registry == nil {
		return s, nil
	}
	err := errors.Join(register(registry, &s.effects), register(registry, &s.requests), register(registry, &s.waiting), register(registry, &s.lanes))
	if err != nil {
		return nil, fmt.Errorf("register figures: %w", err)
	}
	return s, nil
}

func named(name, help string) prometheus.Opts {
	return prometheus.Opts{Namespace: "antiraid", Subsystem: "rest", Name: name, Help: help}
}

func register[C prometheus.Collector](registry prometheus.Registerer, c *C) error {
	err := registry.Register(*c)
	var there prometheus.AlreadyRegisteredError
	if !errors.As(err, &there) {
		return err
	}
	old, ok := there.ExistingCollector.(C)
	if !ok {
		return err
	}
	*c = old
	return nil
}

// Ended counts an effect.
func (s *Set) Ended(op string, r effect.Result) {
	end := "performed"
	switch {
	case r.Error != "" && r.Status > 0:
		end = "refused"
	case r.Error != "":
		end = "not_performed"
	}
	s.effects.WithLabelValues(op, end).Inc()
}

// Answered counts a request by its status; 0: no answer.
func (s *Set) Answered(status int) {
	label := "none"
	switch {
	case status == 401 || status == 403 || status == 429: // these get an address banned
		label = strconv.Itoa(status)
	case status > 0:
		label = strconv.Itoa(status/100) + "xx"
	}
	s.requests.WithLabelValues(label).Inc()
}

// Waiting counts effects in (1) and out (-1).
func (s *Set) Waiting(n int) { s.waiting.Add(float64(n)) }

// Lanes counts lanes in (1) and out (-1).
func (s *Set) Lanes(n int) { s.lanes.Add(float64(n)) }
