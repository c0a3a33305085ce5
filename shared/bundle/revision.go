package bundle

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"unicode/utf8"
)

// Caps of one revision.
const (
	MaxFiles     = 64
	MaxFileBytes = 256 << 10
	MaxBytes     = 512 << 10
	Entry        = "init.lua"
)

// Revision is one immutable content of a template: slash-separated path → Lua source.
type Revision map[string]string

// Encode is the canonical form that is stored, and its key: the SHA-256 of that form in hex.
func (r Revision) Encode() (data []byte, key string, err error) {
	var buf bytes.Buffer
	e := json.NewEncoder(&buf)
	e.SetEscapeHTML(false)                                 // < and & are frequent in code and would take six bytes each
	if err := e.Encode(map[string]string(r)); err != nil { // keys are written in order
		return nil, "", fmt.Errorf("encode revision: %w", err)
	}
	data = bytes.TrimSuffix(buf.Bytes(), []byte("\n"))
	sum := sha256.Sum256(data)
	return data, hex.EncodeToString(sum[:]), nil
}

// ErrDamaged says that stored content is not what its key says.
var ErrDamaged = errors.New("its content has another hash")

// DecodeRevision reads a stored revision. It fails with [ErrDamaged] when that is not what its key says; any other failure is of the content
// itself.
func DecodeRevision(data []byte, key string) (Revision, error) {
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != key {
		return nil, fmt.Errorf("decode revision %.12s: %w", key, ErrDamaged)
	}
	var r Revision
	if err := json.Unmarshal(data, &r); err != nil {
		return nil, fmt.Errorf("decode revision %.12s: %w", key, err)
	}
	return r, r.Check()
}

// Check refuses content that could not be stored or loaded; the error names the file and the remedy.
func (r Revision) Check() error {
	if _, ok := r[Entry]; !ok {
		return fmt.Errorf("check template: it has no %s; that file is loaded first and returns the template's table", Entry)
	}
	if len(r) > MaxFiles {
		return fmt.Errorf("check template: %d files, at most %d are allowed", len(r), MaxFiles)
	}
	total := 0
	for _, name := range slices.Sorted(maps.Keys(r)) {
		source := r[name]
		if err := checkFile(name, source); err != nil {
			return err
		}
		total += len(source)
	}
	if total > MaxBytes {
		return fmt.Errorf("check template: %d bytes in all files, at most %d are allowed; leave out what is not needed", total, MaxBytes)
	}
	return nil
}

func checkFile(name, source string) error {
	switch {
	case len(name) > 200 || path.Clean(name) != name || strings.HasPrefix(name, "/") || strings.HasPrefix(name, "..") || strings.ContainsFunc(name, notInPath):
		return fmt.Errorf("check file %.80q: want a relative path of letters, digits, _ - . and /", name)
	case !strings.HasSuffix(name, ".lua"):
		return fmt.Errorf("check file %s: only .lua files belong to a template", name)
	case len(source) > MaxFileBytes:
		return fmt.Errorf("check file %s: %d bytes, at most %d are allowed; split it", name, len(source), MaxFileBytes)
	case !utf8.ValidString(source):
		return fmt.Errorf("check file %s: it is not UTF-8 text; save it as UTF-8 (compiled Lua is not accepted)", name)
	}
	return nil
}

func notInPath(r rune) bool {
	return !strings.ContainsRune("_-./", r) && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
}
