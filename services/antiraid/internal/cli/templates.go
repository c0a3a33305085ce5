package cli

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"antiraid/services/antiraid/internal/show"
	"antiraid/shared/bundle"
)

func (a *app) templates() *cobra.Command {
	var owner string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "templates",
		Short: "Show what tenants have",
		Long:  "Templates shows the templates of one tenant, or of all: their revision, what they handle and what they may do.",
		Example: `  antiraid templates
  antiraid templates --tenant g-81384788765712384 --json`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.listTemplates(cmd.Context(), owner, asJSON) },
	}
	cmd.Flags().StringVarP(&owner, "tenant", "t", "", "g-<guild id> or u-<user id> (default: all)")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print each tenant's bundle as a line of JSON")
	return cmd
}

func (a *app) listTemplates(ctx context.Context, owner string, asJSON bool) error {
	t, err := tenantFlag(owner, false)
	if err != nil {
		return err
	}
	c, err := a.dial(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	var bundles []bundle.Bundle
	if err := c.Templates(ctx, t, func(b bundle.Bundle) { bundles = append(bundles, b) }); err != nil {
		return err
	}
	if asJSON {
		e := json.NewEncoder(a.out)
		for _, b := range bundles {
			if err := e.Encode(b); err != nil {
				return err
			}
		}
		return nil
	}
	return a.table(bundles)
}

// table has a line for each template, and below it what would make the line too long for a terminal.
func (a *app) table(bundles []bundle.Bundle) error {
	if len(bundles) == 0 {
		fmt.Fprintln(a.errout, a.called("no tenant has templates yet; give one some with: antiraid deploy DIR --tenant g-<guild id>"))
	}
	p := a.paint()
	for _, b := range bundles {
		if len(b.Templates) == 0 {
			fmt.Fprintf(a.errout, "%s has no templates in version %d\n", b.Tenant, b.Version)
			continue
		}
		fmt.Fprintf(a.out, "%s  version %d\n", p.Bold(b.Tenant.String()), b.Version)
		for _, t := range b.Templates {
			fmt.Fprintf(a.out, "  %s  revision %.12s, deployed %s, %s\n", p.Bold(fmt.Sprintf("%-11s", t.Name)), t.Revision, humanize.Time(t.Deployed), state(b, t))
			for _, more := range []struct {
				what  string
				words []string
			}{{"handles", t.Events}, {"may", t.Capabilities}} {
				fmt.Fprintf(a.out, "  %11s  %s  %s\n", "", p.Dim(fmt.Sprintf("%-7s", more.what)), list(more.words))
			}
		}
	}
	return nil
}

func state(b bundle.Bundle, t bundle.Template) string {
	switch {
	case b.Status != bundle.Active:
		return string(b.Status)
	case t.Paused != "":
		return "paused until it is deployed again: " + show.Clean(t.Paused)
	}
	return "runs"
}
