package store_test

import (
	"net"
	"strings"
	"testing"
	"time"

	"antiraid/shared/bundle"
	"antiraid/shared/ferret"
	"antiraid/shared/store"
	"antiraid/shared/storetest"
)

func TestAddressErrorsNameTheRemedyAndNoCredentials(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := l.Addr().String()
	l.Close()
	for name, tc := range map[string]struct{ uri, says string }{
		"empty":         {"", "mongo_uri"},
		"no URI":        {"localhost", "ANTIRAID_MONGO_URI"},
		"other scheme":  {"postgres://ann:hunter2@localhost/", "ANTIRAID_MONGO_URI"},
		"bad port":      {"mongodb://ann:hunter2@localhost:port/", "ANTIRAID_MONGO_URI"},
		"bad escape":    {"mongodb://ann:hunter2%ZZ@localhost/", "ANTIRAID_MONGO_URI"},
		"bad option":    {"mongodb://ann:hunter2@localhost/?w=-7", "ANTIRAID_MONGO_URI"},
		"no scheme":     {"ann:hunter2@localhost", "ANTIRAID_MONGO_URI"},
		"question mark": {"mongodb://ann:hunter2?x@" + closed + "/", closed},
		"nobody there":  {"mongodb://ann:hunter2@" + closed + "/?x=y", closed},
		"why it failed": {"mongodb://" + closed, "connection refused"},
		"what to do":    {"mongodb://" + closed, "ANTIRAID_MONGO_URI"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := store.Open(t.Context(), store.Config{URI: tc.uri, Wait: 300 * time.Millisecond}, storetest.Log(t))
			if err == nil {
				t.Fatal("it was accepted")
			}
			t.Log(err)
			if text := err.Error(); !strings.Contains(text, tc.says) || strings.Contains(text, "hunter2") || strings.Contains(text, "\n") {
				t.Errorf("%q does not say %q, or too much", text, tc.says)
			}
		})
	}
}

func TestStoreOutlivesTheServersRestart(t *testing.T) {
	t.Parallel() // the server gives connected clients three seconds to leave
	dir, g := t.TempDir(), guild(t, 7)
	first, err := ferret.Start(dir, "127.0.0.1:0", storetest.Log(t))
	if err != nil {
		t.Fatal(err)
	}
	s := storetest.Open(t, first.URI())
	commit(t, s, version(g, 1))
	first.Close()
	addr := strings.Trim(strings.TrimPrefix(first.URI(), "mongodb://"), "/")
	second, err := ferret.Start(dir, addr, storetest.Log(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(second.Close)
	if v, err := s.Version(t.Context(), g, 1); err != nil || v.Bundle.Status != bundle.Active {
		t.Errorf("after the restart: %+v, %v", v, err)
	}
}

func TestAServerThatIsGoneIsNamed(t *testing.T) {
	t.Parallel() // the server gives connected clients three seconds to leave
	server, err := ferret.Start(t.TempDir(), "127.0.0.1:0", storetest.Log(t))
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), store.Config{URI: server.URI(), Timeout: 300 * time.Millisecond}, storetest.Log(t))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	server.Close()
	err = s.Register(t.Context(), guild(t, 7))
	if err == nil || !strings.Contains(err.Error(), "register tenant g-7: MongoDB at "+server.URI()+" does not answer") {
		t.Errorf("got %v", err)
	}
}
