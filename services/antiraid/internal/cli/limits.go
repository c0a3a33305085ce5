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

// parseLimit reads what people write for a limit. What is no limit's name, and what is too much or too little, the dispatcher knows.
func parseLimit(name, text string) (n int64, err error) {
	if text == "default" {
		return 0, nil
	}
	var want, example string
	switch run.UnitOf(name) {
	case run.Time:
		var d time.Duration
		d, err = time.ParseDuration(text)
		n, want, example = int64(d), "a time with its unit", "5s"
	case run.Size:
		var bytes uint64
		bytes, err = humanize.ParseBytes(text)
		n, want, example = int64(min(bytes, 1<<62)), "a size", "64MiB"
	default:
		n, err = strconv.ParseInt(text, 10, 64)
		want, example = "a whole number", "100"
	}
	if _, unknown := (run.Limits{}).With(name, 0); err != nil && unknown != nil && name != pauseAfter {
		return 0, fmt.Errorf("%w and %s", unknown, pauseAfter)
	}
	if err != nil {
		return 0, fmt.Errorf("want %s, such as %s=%s, or %[2]s=default", want, name, example)
	}
	return n, nil
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
		fmt.Fprintf(w, "%s\t%s\t%s\n", name, run.LimitText(name, is), run.LimitText(name, defaults[name]))
	}
	pause := "the default"
	if r.PauseAfter != 0 {
		pause = strconv.Itoa(r.PauseAfter)
	}
	fmt.Fprintf(w, "%s\t%s\t\n", pauseAfter, pause)
	return w.Flush()
}
