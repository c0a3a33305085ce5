package cli

import (
	"testing"

	"antiraid/shared/bundle"
)

func TestAPausedTemplateIsListedWithItsReasonAndItsRemedy(t *testing.T) {
	active := bundle.Bundle{Status: bundle.Active}
	for want, tpl := range map[string]bundle.Template{
		"runs": {},
		`paused until it is deployed again: 50 runs in a row failed, the last with: \x1b[2J`: {Paused: "50 runs in a row failed, the last with: \x1b[2J"},
	} {
		if got := state(active, tpl); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
