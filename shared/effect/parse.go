package effect

import (
	"encoding/json"
	"fmt"
	"strings"

	"antiraid/shared/subject"
)

// MaxArgs is how large an effect's arguments may be, in bytes of JSON.
const MaxArgs = 64 << 10

// Parse reads an effect and refuses one that nobody could remember or report on. An operation that does not exist and arguments that are
// wrong or larger than [MaxArgs] are its template's mistake, and told to its author by whoever performs it.
func Parse(data []byte) (Effect, error) {
	var e Effect
	if err := json.Unmarshal(data, &e); err != nil {
		return Effect{}, fmt.Errorf("read effect: %w", err)
	}
	if err := e.check(); err != nil {
		return Effect{}, fmt.Errorf("read effect %.32q: %w", e.ID, err)
	}
	return e, nil
}

func (e Effect) check() error {
	if err := CheckID(e.ID); err != nil {
		return err
	}
	if e.Tenant.IsZero() {
		return fmt.Errorf("it has no tenant")
	}
	return subject.CheckTemplate(e.Template)
}

// CheckID refuses what is not an id made by [ID]: it becomes a key, and Discord's nonce.
func CheckID(id string) error {
	bad := func(r rune) bool { return (r < 'A' || r > 'Z') && (r < '2' || r > '7') }
	if len(id) != 24 || strings.ContainsFunc(id, bad) {
		return fmt.Errorf("check effect id %.64q: want 24 of A-Z and 2-7", id)
	}
	return nil
}
