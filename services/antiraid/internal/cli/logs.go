package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"github.com/spf13/cobra"

	"antiraid/services/antiraid/internal/client"
	"antiraid/shared/bundle"
	"antiraid/shared/run"
	"antiraid/shared/service"
	"antiraid/shared/subject"
)

func (a *app) logs() *cobra.Command {
	var follow, asJSON bool
	var owner, template string
	var since time.Duration
	cmd := &cobra.Command{
		Use:   "logs",
		Short: "Show what templates did, logged, and failed with",
		Long: `Logs shows run records: which template handled which event, what it asked Discord for, what it kept, what it logged, and how it failed.
Runs that did none of that are not recorded.`,
		Example: `  antiraid logs -f
  antiraid logs --tenant g-81384788765712384 --template welcome --since 1h`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := selection(owner, template, since)
			s.Follow = follow
			if err != nil {
				return err
			}
			return a.showRuns(cmd.Context(), s, asJSON)
		},
	}
	f := cmd.Flags()
	f.BoolVarP(&follow, "follow", "f", false, "go on with what happens from now on, until Ctrl-C")
	f.StringVarP(&owner, "tenant", "t", "", "g-<guild id> or u-<user id> (default: all)")
	f.StringVar(&template, "template", "", "only that template")
	f.DurationVar(&since, "since", 10*time.Minute, "how far back")
	f.BoolVar(&asJSON, "json", false, "print each record as a line of JSON")
	return cmd
}

func selection(owner, template string, since time.Duration) (client.Selection, error) {
	t, err := tenantFlag(owner, false)
	switch {
	case err != nil:
		return client.Selection{}, err
	case template != "" && template != bundle.Announcement && subject.CheckTemplate(template) != nil:
		return client.Selection{}, usage{fmt.Errorf("--template: %w", subject.CheckTemplate(template))}
	case since <= 0:
		return client.Selection{}, usage{fmt.Errorf("--since is %s; want a time above 0, such as 10m", since)}
	}
	return client.Selection{Tenant: t, Template: template, Since: time.Now().Add(-since)}, nil
}

func (a *app) showRuns(ctx context.Context, s client.Selection, asJSON bool) error {
	c, err := a.dialWith(ctx, service.Logger(a.errout, slog.LevelInfo)) // whoever waits for records should know when none can come
	if err != nil {
		return err
	}
	defer c.Close()
	n, each := 0, a.each(asJSON)
	if err := c.Runs(ctx, s, func(r *run.Record) { n++; each(r) }); err != nil {
		return err
	}
	if n == 0 && !s.Follow && !asJSON {
		fmt.Fprintf(a.errout, "nothing was recorded since %s; look further back with --since, or wait for it with -f\n", s.Since.Format(time.TimeOnly))
	}
	return nil
}

// each prints a record as it comes.
func (a *app) each(asJSON bool) func(*run.Record) {
	if !asJSON {
		return a.printer().Record
	}
	e := json.NewEncoder(a.out)
	return func(r *run.Record) { _ = e.Encode(r) } // whoever reads it may have gone
}
