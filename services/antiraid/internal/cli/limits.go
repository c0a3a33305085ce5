package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"antiraid/shared/api"
	"antiraid/shared/run"
)

// pauseAfter stands among the limits: how many failing runs in a row pause a template.
const pauseAfter = "pause_after"

func (a *app) limits() *cobra.Command {
	var owner string
	var set []string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "limits --tenant TENANT",
		Short: "Show or change what a tenant's runs may use",
		Long: `Limits shows the budgets of one run of a tenant's templates, and changes those that are given with --set. They are for operators: a limit
that is much above the default lets one tenant take much of an executor. pause_after is how many failing runs in a row pause a template;
-1 is never. The value "default" takes a change back.`,
		Example: `  antiraid limits --tenant g-81384788765712384
  antiraid limits --tenant g-81384788765712384 --set memory=64MiB --set wall=5s --set pause_after=-1
  antiraid limits --tenant g-81384788765712384 --set memory=default`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.changeLimits(cmd.Context(), owner, set, asJSON) },
	}
	cmd.Flags().StringVarP(&owner, "tenant", "t", "", "g-<guild id> or u-<user id>")
	cmd.Flags().StringArrayVar(&set, "set", nil, "<name>=<limit>; may be given again")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print what is set as JSON")
	return cmd
}

func (a *app) changeLimits(ctx context.Context, owner string, set []string, asJSON bool) error {
	t, err := tenantFlag(owner, true)
	if err != nil {
		return err
	}
	req := api.LimitsRequest{Tenant: t, Set: map[string]int64{}, By: author()}
	for _, s := range set {
		name, text, _ := strings.Cut(s, "=")
		if req.Set[name], err = parseLimit(name, text); err != nil {
			return usage{fmt.Errorf("--set %.80s: %w", s, err)}
		}
	}
	c, err := a.dial(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	reply, err := c.Limits(ctx, req)
	if err != nil {
		return err
	}
	if asJSON {
		return json.NewEncoder(a.out).Encode(reply)
	}
	return a.limitTable(reply)
}

func parseLimit(name, text string) (int64, error) {
	switch {
	case text == "default":
		return 0, nil
	case name == "wall":
		d, err := time.ParseDuration(text)
		return int64(d), err
	case name == "memory" || strings.HasSuffix(name, "_bytes"):
		n, err := humanize.ParseBytes(text)
		return int64(min(n, 1<<62)), err
	}
	return strconv.ParseInt(text, 10, 64)
}

func (a *app) limitTable(r api.LimitsReply) error {
	own, defaults := r.Limits.Map(), run.DefaultLimits().Map()
	w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "LIMIT\tIS\tDEFAULT")
	for _, name := range run.LimitNames() {
		is, set := own[name]
		if !set {
			is = defaults[name]
		}
		fmt.Fprintf(w, "%s\t%s\t%s\n", name, limitText(name, is), limitText(name, defaults[name]))
	}
	pause := "the default"
	if r.PauseAfter != 0 {
		pause = strconv.Itoa(r.PauseAfter)
	}
	fmt.Fprintf(w, "%s\t%s\t\n", pauseAfter, pause)
	return w.Flush()
}

func limitText(name string, n int64) string {
	switch {
	case name == "wall":
		return time.Duration(n).String()
	case name == "memory" || strings.HasSuffix(name, "_bytes"):
		return humanize.IBytes(uint64(n))
	}
	return strconv.FormatInt(n, 10)
}
