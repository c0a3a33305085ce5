package home_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"antiraid/services/antiraid/internal/home"
)

func TestAFolderHasOneUserAtATime(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	first, err := home.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := home.Open(dir); err == nil || !strings.Contains(err.Error(), "another antiraid up (process ") || !strings.Contains(err.Error(), "--data") {
		t.Errorf("the second user got %v", err)
	}
	if err := first.Announce(home.Addresses{NATS: "nats://127.0.0.1:1", Discord: "http://127.0.0.1:2"}); err != nil {
		t.Fatal(err)
	}
	if a, found, err := home.Find(dir); err != nil || !found || a.NATS != "nats://127.0.0.1:1" || a.Process != os.Getpid() {
		t.Errorf("found %+v, %v, %v", a, found, err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if _, found, err := home.Find(dir); found || err != nil {
		t.Errorf("after the end: %v, %v", found, err)
	}
	second, err := home.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := second.Close(); err != nil {
		t.Error(err)
	}
}

func TestAFolderThatCannotBeWrittenIsRefusedInOneSentence(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	locked := t.TempDir()
	if err := os.Chmod(locked, 0o500); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{filepath.Join(file, "data"), locked, filepath.Join(locked, "data")} {
		err := openAsNobody(dir)
		if err == nil || !strings.Contains(err.Error(), dir) || !strings.Contains(err.Error(), "; choose a folder that you may write to with --data") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: got %v", dir, err)
		}
	}
}

// openAsNobody opens a folder without root's right to write everywhere. That right is a thread's own: the thread ends with the goroutine.
func openAsNobody(dir string) error {
	done := make(chan error)
	go func() {
		if os.Getuid() == 0 {
			runtime.LockOSThread()
			if err := syscall.Setfsuid(65534); err != nil {
				done <- err
				return
			}
		}
		_, err := home.Open(dir)
		done <- err
	}()
	return <-done
}

func TestBadAddressesNameTheFile(t *testing.T) {
	for _, content := range []string{"", "{", "[]", "{}"} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "addresses.json"), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, _, err := home.Find(dir); err == nil || !strings.Contains(err.Error(), filepath.Join(dir, "addresses.json")) {
			t.Errorf("%q: got %v", content, err)
		}
	}
}
