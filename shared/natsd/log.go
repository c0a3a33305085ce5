package natsd

import (
	"fmt"
	"log/slog"
	"sync"
)

// teller passes on what the server says and keeps the last fatal error: an embedded server must not end the process. Its warnings count
// as information: after a kill -9 there are dozens, of how it puts its files right again.
type teller struct {
	log  *slog.Logger
	mu   sync.Mutex
	last string
}

func (t *teller) fatal() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.last
}

func (t *teller) Noticef(format string, v ...any) {
	t.log.Debug("notice", "text", fmt.Sprintf(format, v...))
}
func (t *teller) Warnf(format string, v ...any) {
	t.log.Info("warning", "text", fmt.Sprintf(format, v...))
}
func (t *teller) Errorf(format string, v ...any) {
	t.log.Error("error", "text", fmt.Sprintf(format, v...))
}
func (t *teller) Debugf(string, ...any) {}
func (t *teller) Tracef(string, ...any) {}

func (t *teller) Fatalf(format string, v ...any) {
	t.mu.Lock()
	t.last = fmt.Sprintf(format, v...)
	t.mu.Unlock()
	t.log.Error("fatal", "text", t.last)
}
