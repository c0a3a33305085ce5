package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"antiraid/shared/api"
	"antiraid/shared/run"
	"antiraid/shared/subject"
)

func (a *app) replay() *cobra.Command {
	var dry, asJSON, all bool
	var owner, typ, template string
	var since time.Duration
	cmd := &cobra.Command{
		Use:   "replay --tenant TENANT --dry-run",
		Short: "Run kept events again and see what templates would do",
		Long: `Replay runs a tenant's kept events again, with the templates the tenant has now, and prints what each would do. Runs that would do
nothing are counted only.

Nothing is sent to Discord and nothing is kept. State reads as it is now; what a replayed run writes is seen by the events behind it and
then forgotten. Reads of Discord, such as get_member, are answered as they were when the event first ran, within 24 h.`,
		Example: `  antiraid replay --tenant g-81384788765712384 --since 10m --dry-run
  antiraid replay --tenant g-81384788765712384 --since 2h --type MESSAGE_CREATE --template welcome --dry-run --json`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			req, err := replayRequest(owner, typ, template, since, dry)
			if err != nil {
				return err
			}
			return a.runReplay(cmd.Context(), req, asJSON, all)
		},
	}
	f := cmd.Flags()
	f.StringVarP(&owner, "tenant", "t", "", "g-<guild id> or u-<user id>")
	f.DurationVar(&since, "since", 10*time.Minute, "how far back")
	f.StringVar(&typ, "type", "", "only events of that type, such as MESSAGE_CREATE")
	f.StringVar(&template, "template", "", "only that template")
	f.BoolVar(&dry, "dry-run", false, "nothing is sent or kept; replays are always dry, and must say so")
	f.BoolVar(&all, "all", false, "print runs that would do nothing, too")
	f.BoolVar(&asJSON, "json", false, "print each run, whatever it would do, and then the sum, as a line of JSON")
	return cmd
}

func replayRequest(owner, typ, template string, since time.Duration, dry bool) (api.ReplayRequest, error) {
	t, err := tenantFlag(owner, true)
	if err != nil {
		return api.ReplayRequest{}, err
	}
	if !dry {
		return api.ReplayRequest{}, usage{errors.New("a replay never sends anything to Discord; say so with --dry-run")}
	}
	if typ != "" {
		if err := subject.CheckType(typ); err != nil {
			return api.ReplayRequest{}, usage{fmt.Errorf("--type: %w", err)}
		}
	}
	s, err := selection(owner, template, since)
	return api.ReplayRequest{Tenant: t, Since: s.Since, Type: typ, Template: template}, err
}

// replayed is a run of a replay as JSON.
type replayed struct {
	*run.Record
	EventTime time.Time `json:"event_time,omitzero"`
}

func (a *app) runReplay(ctx context.Context, req api.ReplayRequest, asJSON, all bool) error {
	c, err := a.dial(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	idle, p, e := 0, a.printer(), json.NewEncoder(a.out)
	end, err := c.Replay(ctx, req, func(r *run.Record, at time.Time) {
		switch {
		case asJSON:
			_ = e.Encode(replayed{r, at}) // whoever reads it may have gone
		case all || r.Noteworthy():
			p.Replayed(r, at)
		default:
			idle++
		}
	})
	if err != nil {
		return fmt.Errorf("replay %s: %w", req.Tenant, err)
	}
	if asJSON {
		return e.Encode(end)
	}
	hidden := ""
	if idle > 0 {
		hidden = fmt.Sprintf(", %d of them did nothing (--all shows them)", idle)
	}
	fmt.Fprintf(a.out, "%d events since %s, %d runs with version %d%s; nothing was sent or kept\n", end.Events, req.Since.Format(time.TimeOnly), end.Runs, end.Version, hidden)
	return nil
}
