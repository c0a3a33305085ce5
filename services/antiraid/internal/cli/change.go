package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"antiraid/services/antiraid/internal/client"
	"antiraid/shared/api"
	"antiraid/shared/bundle"
	"antiraid/shared/subject"
	"antiraid/shared/tenant"
)

// changing is one call of a command that makes a new version of what a tenant has without bringing content.
type changing struct {
	*app
	tenant string
	wait   time.Duration
	json   bool
}

func (c *changing) flags(cmd *cobra.Command) *cobra.Command {
	cmd.Flags().StringVarP(&c.tenant, "tenant", "t", "", "g-<guild id> or u-<user id>")
	cmd.Flags().DurationVar(&c.wait, "wait", defaultWait, "how long to wait until an executor runs it; 0: not at all")
	cmd.Flags().BoolVar(&c.json, "json", false, "print the result as JSON")
	return cmd
}

func (a *app) remove() *cobra.Command {
	c := &changing{app: a}
	return c.flags(&cobra.Command{
		Use:   "remove NAME --tenant TENANT",
		Short: "Take a template from a tenant",
		Long: `Remove makes a new version of what a tenant has, without one of its templates. No event from then on is handled by it.

What the template has stored stays, and a rollback brings the template back.`,
		Example: "  antiraid remove welcome --tenant g-81384788765712384",
		Args:    oneArg("the template's name"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := subject.CheckTemplate(args[0]); err != nil {
				return usage{err}
			}
			return c.run(cmd.Context(), func(ctx context.Context, on *client.Client, t tenant.ID) (api.ChangeReply, error) {
				return on.Remove(ctx, api.RemoveRequest{Tenant: t, Template: args[0], By: author()})
			})
		},
	})
}

func (a *app) rollback() *cobra.Command {
	c := &changing{app: a}
	var to uint64
	cmd := c.flags(&cobra.Command{
		Use:   "rollback --tenant TENANT",
		Short: "Give a tenant the templates of an older version again",
		Long: `Rollback makes a new version of what a tenant has, with the templates of an older one and what was granted to them then: the last one
that had other templates than now, or the one of --to. Limits stay, and so does what templates have stored.

A second rollback takes the first one back.`,
		Example: `  antiraid rollback --tenant g-81384788765712384
  antiraid rollback --tenant g-81384788765712384 --to 3`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if cmd.Flags().Changed("to") && to == 0 {
				return usage{fmt.Errorf("--to is 0; want a version from 1, or leave it out")}
			}
			return c.run(cmd.Context(), func(ctx context.Context, on *client.Client, t tenant.ID) (api.ChangeReply, error) {
				return on.Rollback(ctx, api.RollbackRequest{Tenant: t, To: to, By: author()})
			})
		},
	})
	cmd.Flags().Uint64Var(&to, "to", 0, "the version to go back to (default: the last one with other templates)")
	return cmd
}

func (c *changing) run(ctx context.Context, change func(context.Context, *client.Client, tenant.ID) (api.ChangeReply, error)) error {
	t, err := tenantFlag(c.tenant, true)
	if err != nil {
		return err
	}
	on, err := c.dial(ctx)
	if err != nil {
		return err
	}
	defer on.Close()
	place, err := on.Place(ctx)
	if err != nil {
		return err
	}
	reply, err := change(ctx, on, t)
	if err != nil {
		return err
	}
	if err := c.await(ctx, on, c.wait, awaited{t, reply.Version, place}); err != nil {
		return err
	}
	if c.json {
		return json.NewEncoder(c.out).Encode(reply)
	}
	from := ""
	if reply.From > 0 {
		from = fmt.Sprintf(", with the templates of version %d", reply.From)
	}
	fmt.Fprintf(c.out, "%s: version %d is %s%s\n  has      %s\n", c.paint().Bold(t.String()), reply.Version, c.force(c.wait), from, list(names(reply.Templates)))
	return nil
}

func names(templates []bundle.Template) []string {
	var list []string
	for _, t := range templates {
		list = append(list, t.Name)
	}
	return list
}
