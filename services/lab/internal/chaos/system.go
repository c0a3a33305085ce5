package chaos

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"antiraid/services/lab/internal/part"
	"antiraid/services/lab/internal/stage"
	"antiraid/shared/natsd"
)

// leaveWithin is how long a part may take to end when it is told to.
const leaveWithin = 15 * time.Second

// system is what is attacked: NATS, executors and rests as processes, each with a log of its own in dir.
type system struct {
	dir       string
	nats      *place
	executors []*place // the last one is the spare
	rests     []*place
	discord   *discord
	stage     *stage.Stage
	note      func(string, ...any)

	mu   sync.Mutex
	logs []io.Closer
}

// open starts NATS and Discord, and says what the other parts will be. The caller must close the system.
func open(ctx context.Context, cfg Config, clients []*client, note func(string, ...any)) (s *system, err error) {
	s = &system{note: note}
	if s.dir, err = os.MkdirTemp("", "lab-chaos-*"); err != nil {
		return nil, fmt.Errorf("make a folder for logs and the queue: %w", err)
	}
	defer func() {
		if err != nil {
			s.close()
		}
	}()
	if s.discord, err = openDiscord(slog.New(slog.DiscardHandler), clients); err != nil {
		return nil, err
	}
	port, err := natsd.FreePort()
	if err != nil {
		return nil, err
	}
	url := "nats://127.0.0.1:" + strconv.Itoa(port)
	files := map[string]string{"dir": filepath.Join(s.dir, "data"), "port": strconv.Itoa(port)}
	if s.nats, err = s.place(part.NATS, part.NATS, files); err != nil {
		return nil, err
	}
	for i := range cfg.Executors + 1 {
		name := fmt.Sprint("executor-", i)
		p, err := s.place(name, part.Executor, map[string]string{"nats_url": url, "name": name, "workers": strconv.Itoa(cfg.Workers)})
		if err != nil {
			return nil, err
		}
		s.executors = append(s.executors, p)
	}
	for i := range cfg.RESTs {
		p, err := s.place(fmt.Sprint("rest-", i), part.REST, map[string]string{
			"nats_url": url, "api_url": s.discord.API(), "token": s.discord.Token().Reveal(), "requests_per_second": "10000",
		})
		if err != nil {
			return nil, err
		}
		s.rests = append(s.rests, p)
	}
	if err = s.nats.up(); err != nil {
		return nil, err
	}
	s.stage, err = stage.Open(ctx, url, slog.New(slog.DiscardHandler))
	return s, err
}

// place is where processes of a part run; what they say is appended to one file.
func (s *system) place(name, of string, settings map[string]string) (*place, error) {
	log, err := os.OpenFile(filepath.Join(s.dir, name+".log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("write what %s says: %w", name, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.logs = append(s.logs, log)
	return newPlace(name, part.Config{Part: of, Settings: settings, Log: log}, s.note), nil
}

// up starts everything that should run and does not, but for the spare executor.
func (s *system) up() error {
	all := []error{s.nats.up()}
	for _, p := range s.executors[:len(s.executors)-1] {
		all = append(all, p.up())
	}
	for _, p := range s.rests {
		all = append(all, p.up())
	}
	return errors.Join(all...)
}

// stopExecutors ends all executors in the clean way.
func (s *system) stopExecutors() error {
	ends := make([]error, len(s.executors))
	var all sync.WaitGroup
	for i, p := range s.executors {
		all.Go(func() { ends[i] = p.stop(leaveWithin) })
	}
	all.Wait()
	return errors.Join(ends...)
}

// selfEnded is how many processes ended by themselves.
func (s *system) selfEnded() (n int) {
	for _, p := range append(append([]*place{s.nats}, s.executors...), s.rests...) {
		n += p.selfEnded()
	}
	return n
}

// close ends everything at once and closes the logs. The folder stays.
func (s *system) close() {
	for _, p := range append(append([]*place{}, s.executors...), s.rests...) {
		p.kill()
	}
	if s.stage != nil {
		s.stage.Close()
	}
	if s.nats != nil {
		s.nats.kill()
	}
	if s.discord != nil {
		s.discord.close()
	}
	for _, log := range s.logs {
		log.Close()
	}
}
