// Package deploytest is what a dispatcher lives among, inside a test: real NATS, a real store, and somebody who answers inspect.
package deploytest

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"antiraid/dispatcher/internal/publish"
	"antiraid/dispatcher/internal/step"
	"antiraid/shared/api"
	"antiraid/shared/bundle"
	"antiraid/shared/bus"
	"antiraid/shared/event"
	"antiraid/shared/kv"
	"antiraid/shared/natstest"
	"antiraid/shared/run"
	"antiraid/shared/storetest"
	"antiraid/shared/subject"
	"antiraid/shared/tenant"
)

// Surroundings are the addresses of what runs until the test ends.
type Surroundings struct {
	NATS, Mongo string
	Bus         *bus.Bus // the test's own connection
}

// Start starts the servers and the inspector.
func Start(t testing.TB) Surroundings {
	t.Helper()
	s := Surroundings{NATS: natstest.Start(t), Mongo: storetest.Start(t)}
	s.Bus = natstest.Connect(t, s.NATS)
	s.Serve(t, subject.CallInspect, inspect)
	return s
}

// Serve answers a call until the test ends.
func (s Surroundings) Serve(t testing.TB, subj string, fn func(context.Context, []byte) (any, error)) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Bus.Serve(ctx, subj, 4, fn) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// Publisher connects a dispatcher's publisher to the servers, as one process would.
func (s Surroundings) Publisher(t testing.TB, hook step.Hook) *publish.Publisher {
	t.Helper()
	b := natstest.Connect(t, s.NATS)
	return &publish.Publisher{
		Store: storetest.Open(t, s.Mongo), Bus: b, Hook: hook, Log: storetest.Log(t),
		Bundles: Bucket(t, b, subject.Bundles), Blobs: Bucket(t, b, subject.Blobs),
	}
}

// Bucket opens a bucket.
func Bucket(t testing.TB, b *bus.Bus, name string) *kv.Bucket {
	t.Helper()
	bucket, err := kv.Open(t.Context(), b, name)
	if err != nil {
		t.Fatal(err)
	}
	return bucket
}

// Files is a template whose inspection gives that reply; text makes it another revision.
func Files(t testing.TB, reply api.InspectReply, text string) bundle.Revision {
	t.Helper()
	data, err := json.Marshal(reply)
	if err != nil {
		t.Fatal(err)
	}
	return bundle.Revision{bundle.Entry: "-- " + string(data) + "\nreturn {} -- " + text}
}

// inspect answers with what the first line of init.lua says, see [Files].
func inspect(_ context.Context, data []byte) (any, error) {
	var req api.InspectRequest
	if err := json.Unmarshal(data, &req); err != nil {
		return nil, err
	}
	line, _, _ := strings.Cut(req.Files[bundle.Entry], "\n")
	var reply api.InspectReply
	if err := json.Unmarshal([]byte(strings.TrimPrefix(line, "-- ")), &reply); err != nil {
		return api.InspectReply{Failure: &run.Failure{Message: "unexpected symbol near 'end'", File: bundle.Entry, Line: 1, Column: 4}}, nil
	}
	return reply, nil
}

// Startup is a STARTUP event that is stored.
type Startup struct {
	Seq uint64
	ID  string
	event.StartupPayload
}

// Startups are the tenant's STARTUP events, in order.
func (s Surroundings) Startups(t testing.TB, id tenant.ID) []Startup {
	t.Helper()
	var list []Startup
	reading := bus.Reading{Stream: subject.Events, Subjects: []string{subject.TenantEvents(id)}}
	err := s.Bus.ReadAll(t.Context(), reading, func(m *bus.Message) error {
		e, err := m.Event()
		if err != nil || e.Type != event.Startup {
			t.Errorf("in the tenant's lane: %+v, %v", e, err)
			return nil
		}
		one := Startup{Seq: e.Seq, ID: e.ID}
		list = append(list, one)
		return json.Unmarshal(e.Payload, &list[len(list)-1].StartupPayload)
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}
