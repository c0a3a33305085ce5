package main_test

import (
	"bytes"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// watched is a program's output, with a signal when a text has come.
type watched struct {
	safe
	text string
	come chan struct{}
}

func (w *watched) Write(p []byte) (int, error) {
	n, err := w.safe.Write(p)
	w.look()
	return n, err
}

func (w *watched) look() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.text != "" && bytes.Contains(w.buf.Bytes(), []byte(w.text)) {
		w.text = ""
		w.come <- struct{}{}
	}
}

// wants says what to wait for next; the text before must have come.
func (w *watched) wants(text string) {
	w.mu.Lock()
	w.text = text
	w.mu.Unlock()
	w.look()
}

func (w *watched) await(t *testing.T) {
	t.Helper()
	select {
	case <-w.come:
	case <-time.After(30 * time.Second):
		t.Fatalf("it did not say %q within 30 s:\n%s", w.text, w.String())
	}
}

// process starts the real program and waits until it has said something.
func process(t *testing.T, program, data, until string) (*exec.Cmd, *watched) {
	t.Helper()
	cmd := exec.Command(program, "up", "--data", data, "--nats-port", "0", "--chatter", "0")
	out := &watched{text: until, come: make(chan struct{}, 1)}
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() }) // in case the test ended early
	out.await(t)
	return cmd, out
}

func TestTheProgramSurvivesKillAndEndsCleanlyOnASignal(t *testing.T) {
	program := build(t, "antiraid/services/antiraid")
	data := filepath.Join(t.TempDir(), "data")
	killed, _ := process(t, program, data, "newcomer 2.")
	if err := killed.Process.Kill(); err != nil { // in the middle of the scene
		t.Fatal(err)
	}
	_ = killed.Wait() // it was killed

	began := time.Now()
	cmd, out := process(t, program, data, "The scene is over")
	if text := out.String(); !strings.Contains(text, "is there, version 2") || strings.Contains(text, "newcomer 1.") || strings.Contains(text, "newcomer 2.") {
		t.Errorf("after a kill it began anew:\n%s", text)
	}
	t.Logf("the scene was over %s after a start on what was killed", time.Since(began).Round(time.Millisecond))

	if r := antiraid(t, nil, "templates", "--data", data); r.code != 0 || !strings.Contains(r.out, "welcome") {
		t.Errorf("the running system was not found: %s%s", r.out, r.err)
	}
	asked := time.Now()
	if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	err := cmd.Wait()
	if took := time.Since(asked); err != nil || took > 5*time.Second || !strings.Contains(out.String(), "stopped; everything is kept in "+data) {
		t.Errorf("Ctrl-C ended it with %v after %s:\n%s", err, took, out.String())
	}
	if bytes.Contains(out.buf.Bytes(), []byte("\x1b[")) {
		t.Error("it writes colours to what is no terminal")
	}
}
