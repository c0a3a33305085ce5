// Package scriptbench runs one typical template in different ways, to measure what a run costs: as an executor does it, and as plain
// gopher-lua does. The sandbox's benchmarks and the lab use the same ways.
package scriptbench

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"antiraid/executor/internal/sandbox"
	"antiraid/shared/bundle"
	"antiraid/shared/effect"
	"antiraid/shared/event"
	"antiraid/shared/run"
	"antiraid/shared/tenant"
)

// Template is the template, Payload the event it answers with one effect.
var (
	//go:embed typical.lua
	Template string
	//go:embed typical.json
	Payload []byte
)

// Names of the ways.
const (
	Bare      = "bare"      // plain gopher-lua calls the handler with a table that is ready
	Unmetered = "unmetered" // warm, but nobody looks at each instruction
	Warm      = "warm"      // a full run on a machine that has loaded the template
	Dirty     = "dirty"     // warm, but each run leaves a global behind: the template is loaded again
	Cold      = "cold"      // the first run after a deploy: the template is compiled, the machine is new
	Naive     = "naive"     // plain gopher-lua, compiled once, with a new state and the whole event decoded for each run
)

// Way is one way to run the template.
type Way struct {
	Name string
	// Start gets ready and returns what is to be measured: one run.
	Start func() (once func() error, err error)
}

// Ways are all of them.
func Ways() []Way {
	dirty := strings.Replace(Template, "local text =", "n = 1 local text =", 1)
	return []Way{
		{Bare, bare}, {Unmetered, unmetered}, {Warm, func() (func() error, error) { return warm(Template) }},
		{Dirty, func() (func() error, error) { return warm(dirty) }}, {Cold, cold}, {Naive, naive},
	}
}

func warm(source string) (once func() error, err error) {
	j, err := newJob()
	if err == nil {
		err = j.machine(source)
	}
	return j.run, err
}

func unmetered() (once func() error, err error) {
	j, err := newJob()
	if err == nil {
		err = j.machine(Template)
	}
	if err == nil {
		err = j.run()
		j.vm.Unmeter()
	}
	return j.run, err
}

func cold() (once func() error, err error) {
	j, err := newJob()
	return func() error {
		if err := j.machine(Template); err != nil {
			return err
		}
		return j.run()
	}, err
}

// job is a run that can be repeated.
type job struct {
	vm    *sandbox.VM
	in    sandbox.Input
	world world
}

func newJob() (*job, error) {
	guild, err := tenant.New(tenant.Guild, 81384788765712384)
	j := &job{in: sandbox.Input{
		Event:  event.Event{ID: "e1", Seq: 7, Tenant: guild, Type: "MESSAGE_CREATE", Time: time.UnixMilli(1700000000123), Payload: Payload},
		Bundle: 3, Template: "typical", Limits: run.DefaultLimits(), Granted: []string{"discord:*", "kv:*"},
	}}
	j.in.Host = &j.world
	return j, err
}

// machine makes a new machine for a template.
func (j *job) machine(source string) error {
	p, failure := sandbox.Compile("typical", bundle.Revision{bundle.Entry: source})
	if failure != nil {
		return fmt.Errorf("compile the typical template: %s", failure.Message)
	}
	var err error
	j.vm, err = sandbox.New(p)
	return err
}

// run is one run, which must ask for one effect.
func (j *job) run() error {
	j.world.effects = j.world.effects[:0]
	switch res := j.vm.Run(context.Background(), j.in); {
	case res.Err != nil:
		return fmt.Errorf("run the typical template: %w", res.Err)
	case res.Failure != nil:
		return fmt.Errorf("run the typical template: %s", res.Failure.Message)
	}
	return j.world.answered()
}

// world is a host that keeps what a run asks for.
type world struct{ effects []string }

func (w *world) Get(context.Context, string) (json.RawMessage, error)             { return nil, nil }
func (w *world) Set(context.Context, string, json.RawMessage) error               { return nil }
func (w *world) Delete(context.Context, string) error                             { return nil }
func (w *world) List(context.Context, string, int, func()) ([]string, int, error) { return nil, 0, nil }

func (w *world) Do(_ context.Context, op string, args json.RawMessage, _ bool) (effect.Result, error) {
	w.effects = append(w.effects, op+string(args))
	return effect.Result{}, nil
}

func (w *world) answered() error {
	if len(w.effects) != 1 {
		return fmt.Errorf("run the typical template: it asked for %d effects, want 1", len(w.effects))
	}
	return nil
}
