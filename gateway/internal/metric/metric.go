// Package metric is the figures of a gateway. Labels are from small closed sets: never tenants, sessions or users.
package metric

import "github.com/prometheus/client_golang/prometheus"

// Set is the figures of one gateway, of all its shards together.
type Set struct {
	Published  prometheus.Counter     // events stored in the stream
	Dropped    *prometheus.CounterVec // dispatches that are nobody's event, by reason
	Dead       *prometheus.CounterVec // dispatches kept as dead letters, by reason
	Retries    prometheus.Counter     // publishes that had to be tried again
	Waiting    prometheus.Gauge       // events accepted and not yet stored
	Ends       *prometheus.CounterVec // connections that ended, by cause
	Identifies prometheus.Counter     // sessions begun
	Resumes    prometheus.Counter     // sessions that went on
	Remaining  prometheus.Gauge       // sessions that Discord still allows to begin today
	Live       prometheus.Gauge       // shards whose session is live
}

// New makes the figures and registers them; with a nil registry nobody sees them.
func New(registry prometheus.Registerer) (*Set, error) {
	s := &Set{
		Published:  counter("events_published_total", "Events stored in the stream."),
		Dropped:    counters("dispatches_dropped_total", "Dispatches that concern no tenant.", "reason"),
		Dead:       counters("dispatches_dead_total", "Dispatches kept as dead letters.", "reason"),
		Retries:    counter("publish_retries_total", "Publishes that had to be tried again."),
		Waiting:    gauge("events_waiting", "Events accepted from Discord and not yet stored."),
		Ends:       counters("connections_ended_total", "Connections that ended.", "cause"),
		Identifies: counter("sessions_begun_total", "Sessions begun by IDENTIFY."),
		Resumes:    counter("sessions_resumed_total", "Sessions that went on after RESUME."),
		Remaining:  gauge("session_starts_remaining", "Sessions that Discord still allows to begin before the limit is reset."),
		Live:       gauge("shards_live", "Shards with a live session."),
	}
	if registry == nil {
		return s, nil
	}
	for _, c := range []prometheus.Collector{s.Published, s.Dropped, s.Dead, s.Retries, s.Waiting, s.Ends, s.Identifies, s.Resumes, s.Remaining, s.Live} {
		if err := registry.Register(c); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func counter(name, help string) prometheus.Counter {
	return prometheus.NewCounter(prometheus.CounterOpts{Namespace: "antiraid", Subsystem: "gateway", Name: name, Help: help})
}

func counters(name, help, label string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "antiraid", Subsystem: "gateway", Name: name, Help: help}, []string{label})
}

func gauge(name, help string) prometheus.Gauge {
	return prometheus.NewGauge(prometheus.GaugeOpts{Namespace: "antiraid", Subsystem: "gateway", Name: name, Help: help})
}
