package ferret_test

import (
	"bytes"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"antiraid/shared/bundle"
	"antiraid/shared/ferret"
	"antiraid/shared/store"
	"antiraid/shared/tenant"
)

func TestDataSurvivesInAFolderOfAnyName(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "my data", "é & co")
	g, err := tenant.Parse("g-7")
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	log := slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))
	for start := range 2 {
		server, err := ferret.Start(dir, "127.0.0.1:0", log)
		if err != nil {
			t.Fatal(err)
		}
		s, err := store.Open(t.Context(), store.Config{URI: server.URI()}, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		if start == 0 {
			err = s.Register(t.Context(), g)
		}
		head, headErr := s.Head(t.Context(), g)
		if err != nil || headErr != nil || head.Bundle.Status != bundle.Active {
			t.Errorf("start %d: %+v, %v, %v", start, head, err, headErr)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		server.Close()
	}
	if out.Len() > 0 {
		t.Errorf("a quiet life filled the log:\n%s", out.String())
	}
	if files, err := filepath.Glob(filepath.Join(filepath.Dir(dir), "*", "*.sqlite")); err != nil || len(files) == 0 {
		t.Errorf("no database in the folder: %v, %v", files, err)
	}
}

func TestStartSaysWhatIsWrong(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct{ dir, addr, says string }{
		"port in use": {t.TempDir(), taken.Addr().String(), "address already in use"},
		"cut short":   {t.TempDir() + "/a?b", "127.0.0.1:0", "without ?, # and %"},
		"no folder":   {file, "127.0.0.1:0", "choose a folder"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ferret.Start(tc.dir, tc.addr, slog.New(slog.DiscardHandler))
			if err == nil || !strings.Contains(err.Error(), tc.says) {
				t.Errorf("got %v, want %q", err, tc.says)
			}
			runtime.GC() // FerretDB would end the process over what it left open
		})
	}
}
