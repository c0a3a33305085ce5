package meter

import (
	"fmt"

	"antiraid/executor/internal/sandbox/peek"
	"antiraid/shared/run"
)

// Stop ends a run. It unwinds all that is under way; the sandbox catches it.
type Stop struct {
	Failure *run.Failure // the script's fault, without place
	Err     error        // ours or the host's
	Trace   []peek.Place // where the run was
}

// Error says nothing: nobody is told.
func (s *Stop) Error() string { return "the run was ended" }

// Exceed ends the run for a budget, named as in [run.Limits].
func (m *Meter) Exceed(budget string, limit int64, format string, args ...any) {
	m.Fail(&run.Failure{Message: fmt.Sprintf(format, args...), Budget: budget, Limit: limit})
}

// Fail ends the run for a fault of the script that it may not catch.
func (m *Meter) Fail(f *run.Failure) { m.end(&Stop{Failure: f}) }

// Abort ends the run for a fault that is not the script's.
func (m *Meter) Abort(err error) { m.end(&Stop{Err: err}) }

// end keeps the stop: threads that it unwinds turn it into a message. What they charge for meanwhile is no other reason to end.
func (m *Meter) end(s *Stop) {
	if m.stopped == nil {
		s.Trace = peek.Trace(m.state)
		m.stopped = s
	}
	panic(m.stopped)
}

// Stopped is what ended the run; nil while it goes on.
func (m *Meter) Stopped() *Stop { return m.stopped }

// spend counts n against one of the host's budgets.
func (m *Meter) spend(used *int64, n, limit int64, budget, format string) {
	if *used += n; *used > limit {
		m.Exceed(budget, limit, format, limit)
	}
}

// Effect counts one effect.
func (m *Meter) Effect() {
	m.spend(&m.usage.Effects, 1, m.limits.Effects, "effects", "asked for more than %d effects")
}

// KV counts one kv call that writes n bytes.
func (m *Meter) KV(n int) {
	m.spend(&m.usage.KVOps, 1, m.limits.KVOps, "kv_ops", "made more than %d kv calls")
	m.spend(&m.usage.KVBytes, int64(n), m.limits.KVBytes, "kv_bytes", "wrote more than %d bytes to kv")
}

// Log counts one line.
func (m *Meter) Log(n int) {
	m.spend(&m.usage.LogLines, 1, m.limits.LogLines, "log_lines", "logged more than %d lines")
	m.spend(&m.usage.LogBytes, int64(n), m.limits.LogBytes, "log_bytes", "logged more than %d bytes")
}

// Coroutines notes how many have not ended, and refuses more than may be there.
func (m *Meter) Coroutines(n int) {
	if limit := m.limits.Coroutines; int64(n) > limit {
		m.Exceed("coroutines", limit, "made more than %d coroutines that have not ended", limit)
	}
	m.usage.Coroutines = max(m.usage.Coroutines, int64(n))
}
