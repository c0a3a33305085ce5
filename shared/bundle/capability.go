package bundle

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"antiraid/shared/effect"
)

// Operations are what capabilities can be granted for, by module: those of discord are the effects that exist.
func Operations() map[string][]string {
	return map[string][]string{
		"discord": slices.Sorted(slices.Values(effect.Names())),
		"kv":      {"delete", "get", "list", "set"},
	}
}

// KnownCapability refuses a capability that nothing needs: its module or its operation does not exist. The error says what exists.
// Stored bundles may hold such: another program made them.
func KnownCapability(c string) error {
	if err := CheckCapability(c); err != nil {
		return err
	}
	all := Operations()
	module, op, _ := strings.Cut(c, ":")
	switch known, ok := all[module]; {
	case !ok:
		return fmt.Errorf("check capability %s: there is no module %s; there are %s", c, module, strings.Join(slices.Sorted(maps.Keys(all)), ", "))
	case op != "*" && !slices.Contains(known, op):
		return fmt.Errorf("check capability %s: %s has no operation %s; it has %s", c, module, op, strings.Join(known, ", "))
	}
	return nil
}
