package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"text/tabwriter"

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

func (a *app) table(bundles []bundle.Bundle) error {
	if len(bundles) == 0 {
		fmt.Fprintln(a.errout, a.called("no tenant has templates yet; give one some with: antiraid deploy DIR --tenant g-<guild id>"))
		return nil
	}
	w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "TENANT\tVERSION\tTEMPLATE\tREVISION\tDEPLOYED\tHANDLES\tMAY\tSTATE")
	for _, b := range bundles {
		for _, t := range b.Templates {
			fmt.Fprintf(w, "%s\t%d\t%s\t%.12s\t%s\t%s\t%s\t%s\n", b.Tenant, b.Version, t.Name, t.Revision, humanize.Time(t.Deployed), list(t.Events), list(t.Capabilities), state(b, t))
		}
	}
	return w.Flush()
}

func state(b bundle.Bundle, t bundle.Template) string {
	switch {
	case b.Status != bundle.Active:
		return string(b.Status)
	case t.Paused != "":
		return "paused: " + show.Clean(t.Paused)
	}
	return "runs"
}
