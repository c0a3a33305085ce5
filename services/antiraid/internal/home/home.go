// Package home is the data folder of `antiraid up`: who uses it, and where the servers that use it listen.
//
//	antiraid.lock   held as long as an `antiraid up` uses the folder; the operating system lets go of it when the process dies
//	addresses.json  see [Addresses]; written when the servers listen, removed at a clean end
//	jetstream/      of the embedded nats-server
//	mongo/          of the embedded database
package home

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/gofrs/flock"
)

// Folders of servers inside.
const (
	Jetstream = "jetstream"
	Mongo     = "mongo"
)

const (
	lockFile    = "antiraid.lock"
	addressFile = "addresses.json"
)

// Home is a data folder in use by this process.
type Home struct {
	dir  string
	lock *flock.Flock
}

// Open makes the folder if it is missing and takes it for this process alone. The caller must Close it.
func Open(dir string) (*Home, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("use data folder %s: %w; choose a folder that you may write to with --data", dir, reason(err))
	}
	for _, name := range []string{Jetstream, Mongo} {
		if info, err := os.Stat(filepath.Join(dir, name)); err == nil && !info.IsDir() {
			return nil, fmt.Errorf("use data folder %s: %s in it is a file and should be a folder; move it away, or choose another folder with --data", dir, name)
		}
	}
	lock := flock.New(filepath.Join(dir, lockFile))
	free, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("use data folder %s: %w; choose a folder that you may write to with --data", dir, reason(err))
	}
	if !free {
		return nil, fmt.Errorf("use data folder %s: another antiraid up%s uses it; stop that one, or choose another folder with --data", dir, user(dir))
	}
	h := &Home{dir: dir, lock: lock}
	if err := h.write(lockFile, strconv.AppendInt(nil, int64(os.Getpid()), 10)); err != nil {
		return nil, errors.Join(fmt.Errorf("use data folder %s: %w; choose a folder that you may write to with --data", dir, reason(err)), lock.Close())
	}
	return h, nil
}

// reason leaves out the operation and the path, which the sentence around it has.
func reason(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

// user is the process that holds the lock, as it wrote itself down.
func user(dir string) string {
	data, err := os.ReadFile(filepath.Join(dir, lockFile))
	if pid := strings.TrimSpace(string(data)); err == nil && pid != "" {
		return " (process " + pid + ")"
	}
	return ""
}

// Path is the path of something in the folder.
func (h *Home) Path(name string) string { return filepath.Join(h.dir, name) }

// write keeps the lock on the file: the content is replaced, the file stays.
func (h *Home) write(name string, data []byte) error {
	return os.WriteFile(h.Path(name), data, 0o600)
}

// Close gives the folder up.
func (h *Home) Close() error {
	if err := os.Remove(h.Path(addressFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return errors.Join(fmt.Errorf("leave data folder %s: %w", h.dir, err), h.lock.Close())
	}
	return h.lock.Close()
}

// Addresses says where the servers of a running `antiraid up` listen, and what a part that is started by hand has to know.
type Addresses struct {
	NATS    string `json:"nats_url"`
	Mongo   string `json:"mongo_uri,omitempty"`   // of the embedded database only: another one's may hold credentials
	Discord string `json:"discord_url,omitempty"` // of the simulator, as the next two
	// DiscordAPI and DiscordToken are what a gateway or a rest connects with. The token opens nothing but this simulator.
	DiscordAPI   string `json:"discord_api,omitempty"`
	DiscordToken string `json:"discord_token,omitempty"`
	Process      int    `json:"process"`
}

// AddressFile is where an `antiraid up` on the folder writes its [Addresses].
func AddressFile(dir string) string { return filepath.Join(dir, addressFile) }

// Announce writes the addresses down for the other commands, whole or not at all.
func (h *Home) Announce(a Addresses) error {
	a.Process = os.Getpid()
	data, err := json.MarshalIndent(a, "", "  ")
	if err != nil {
		return fmt.Errorf("write down the addresses: %w", err)
	}
	if err := h.write(addressFile+".new", append(data, '\n')); err != nil {
		return fmt.Errorf("write down the addresses: %w", err)
	}
	if err := os.Rename(h.Path(addressFile+".new"), h.Path(addressFile)); err != nil {
		return fmt.Errorf("write down the addresses: %w", err)
	}
	return nil
}

// Find reads what an `antiraid up` on the folder wrote down. found is false when there is nothing; the writer may have died since.
func Find(dir string) (a Addresses, found bool, err error) {
	data, err := os.ReadFile(AddressFile(dir))
	if errors.Is(err, fs.ErrNotExist) {
		return Addresses{}, false, nil
	}
	if err == nil {
		err = json.Unmarshal(data, &a)
	}
	if err == nil && a.NATS == "" {
		err = errors.New("nats_url is missing")
	}
	if err != nil {
		return Addresses{}, false, fmt.Errorf("read %s: %w; delete the file, or say --nats-url", AddressFile(dir), reason(err))
	}
	return a, true, nil
}
