package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"antiraid/services/simulator"
	"antiraid/shared/config"
)

// prefix of environment variables: the flag --identify-every is ANTIRAID_SIMULATOR_IDENTIFY_EVERY.
const prefix = "ANTIRAID_SIMULATOR_"

// settings are what a person can set.
type settings struct {
	simulator.Config
	scenario string
	count    int
	every    time.Duration
	again    time.Duration
	sessions int
	probe    bool
	version  bool
}

// parse reads flags, and the environment for those that are not given.
func parse(args, environ []string, out io.Writer) (settings, error) {
	var s settings
	var token string
	f := flag.NewFlagSet("simulator", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.StringVar(&s.Addr, "addr", "127.0.0.1:8787", "`host:port` to listen on; port 0: any free one")
	f.StringVar(&token, "token", "", "the bot's `token`, base64(application id).x.y; empty: a new one, which is printed")
	f.StringVar(&s.scenario, "scenario", "", "`name` of what to play when a bot has connected: "+strings.Join(slices.Sorted(maps.Keys(simulator.Scenarios())), ", "))
	f.IntVar(&s.count, "count", 0, "how many take part, for scenarios that ask; 0: their own number")
	f.DurationVar(&s.every, "every", 0, "pause between two steps of the scenario; 0: its own")
	f.DurationVar(&s.again, "again", 0, "pause before the scenario is played again; 0: once only")
	f.IntVar(&s.sessions, "sessions", 1, "gateway sessions to wait for before the scenario begins")
	f.DurationVar(&s.HeartbeatInterval, "heartbeat-interval", 0, "told in HELLO; 0: 41.25s")
	f.DurationVar(&s.IdentifyEvery, "identify-every", 0, "between two IDENTIFYs of one bucket; 0: 5s")
	f.IntVar(&s.MaxConcurrency, "max-concurrency", 0, "identify buckets; 0: 1")
	f.IntVar(&s.IdentifyBudget, "identify-budget", 0, "IDENTIFYs a day, one more resets the token; 0: 1000")
	f.IntVar(&s.Shards, "shards", 0, "recommended number; 0: 1")
	f.IntVar(&s.ResumeBuffer, "resume-buffer", 0, "events kept for a resume; 0: 3500")
	f.BoolVar(&s.Unlimited, "unlimited", false, "no REST rate limits")
	f.BoolVar(&s.probe, "healthcheck", false, "ask the simulator that listens on --addr whether it is well, and exit")
	f.BoolVar(&s.version, "version", false, "print the version and exit")
	if err := f.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			help(f, out)
		}
		return s, err
	}
	if f.NArg() > 0 {
		return s, fmt.Errorf("unexpected argument %q", f.Arg(0))
	}
	if err := fromEnvironment(f, environ); err != nil {
		return s, err
	}
	s.Token = config.NewSecret(token)
	if _, known := simulator.Scenarios()[s.scenario]; s.scenario != "" && !known {
		return s, fmt.Errorf("scenario %q does not exist: there are %s", s.scenario, strings.Join(slices.Sorted(maps.Keys(simulator.Scenarios())), ", "))
	}
	return s, nil
}

// fromEnvironment sets what was not given as a flag. A variable that looks like one of ours and means nothing is an error.
func fromEnvironment(f *flag.FlagSet, environ []string) error {
	if err := config.CheckForeign(environ, prefix); err != nil {
		return err
	}
	given := map[string]bool{}
	f.Visit(func(set *flag.Flag) { given[set.Name] = true })
	for _, pair := range environ {
		name, value, _ := strings.Cut(pair, "=")
		key, ours := strings.CutPrefix(name, prefix)
		if !ours {
			continue
		}
		key = strings.ReplaceAll(strings.ToLower(key), "_", "-")
		switch {
		case f.Lookup(key) == nil:
			return fmt.Errorf("%s does not exist; --help lists what does", name)
		case given[key]:
		default:
			if err := f.Set(key, value); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	return nil
}

const about = `Runs a Discord to develop and test against: gateway, HTTP API and interactions, with a sample server in it.

  simulator                                        listen on 127.0.0.1:8787 and print a token for the bot
  simulator --scenario sample --again 10s          and let people act as soon as a bot has connected
  curl -X POST 127.0.0.1:8787/simulator/scenario/raid?count=500
  curl -N 127.0.0.1:8787/simulator/journal?follow=1

Point the bot's API at http://127.0.0.1:8787/api/v10; GET / lists what else it answers.
Every flag can be a variable instead: --identify-every is ` + prefix + `IDENTIFY_EVERY.

`

func help(f *flag.FlagSet, out io.Writer) {
	fmt.Fprint(out, about)
	f.SetOutput(out)
	f.PrintDefaults()
}
