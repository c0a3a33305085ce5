package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"antiraid/services/antiraid/internal/folder"
	"antiraid/services/antiraid/internal/show"
	"antiraid/shared/api"
	"antiraid/shared/bundle"
	"antiraid/shared/subject"
)

// deployment is one call of `antiraid deploy`.
type deployment struct {
	*app
	dir, tenant, name string
	grant             []string
	grantAll, json    bool
	wait              time.Duration
}

func (a *app) deploy() *cobra.Command {
	d := &deployment{app: a}
	cmd := &cobra.Command{
		Use:   "deploy DIR --tenant TENANT",
		Short: "Give a tenant a template, or a new content of one",
		Long: `Deploy gives a tenant the template in a folder: its .lua files, of which init.lua is loaded first.

A template says which capabilities it asks for, such as discord:create_message or kv:*. They are granted with --grant, and stay granted
for as long as each new content asks for them. Without a grant nothing is deployed: the error lists what is asked for and the command that
grants it.

Deploying what is deployed already makes a new version as well: it ends a pause, and STARTUP handlers run again.

The command returns when an executor runs the new version: every event from then on is handled by it.`,
		Example: `  antiraid deploy ./welcome --tenant g-81384788765712384
  antiraid deploy ./welcome --tenant g-81384788765712384 --grant 'discord:create_message,kv:*'
  antiraid deploy ./notes --tenant u-80351110224678912 --name notes --grant-all`,
		Args: oneArg("the template's folder"),
		RunE: func(cmd *cobra.Command, args []string) error {
			d.dir = args[0]
			return d.run(cmd.Context())
		},
	}
	f := cmd.Flags()
	f.StringVarP(&d.tenant, "tenant", "t", "", "g-<guild id> or u-<user id>")
	f.StringVar(&d.name, "name", "", "the template's name (default: the folder's)")
	f.StringSliceVar(&d.grant, "grant", nil, "capabilities to grant, with commas")
	f.BoolVar(&d.grantAll, "grant-all", false, "grant whatever the template asks for")
	f.DurationVar(&d.wait, "wait", defaultWait, "how long to wait until an executor runs it; 0: not at all")
	f.BoolVar(&d.json, "json", false, "print the result as JSON")
	return cmd
}

func (d *deployment) run(ctx context.Context) error {
	req, err := d.request()
	if err != nil {
		return err
	}
	c, err := d.dial(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	place, err := c.Place(ctx)
	if err != nil {
		return err
	}
	reply, err := c.Deploy(ctx, req)
	if err != nil {
		return d.refused(err)
	}
	if err := d.app.await(ctx, c, d.wait, awaited{reply.Tenant, reply.Version, place}); err != nil {
		return err
	}
	return d.report(reply)
}

// request reads the folder and refuses what cannot be right before anybody is asked.
func (d *deployment) request() (api.DeployRequest, error) {
	t, err := tenantFlag(d.tenant, true)
	if err != nil {
		return api.DeployRequest{}, err
	}
	name := d.name
	if name == "" {
		abs, err := filepath.Abs(d.dir)
		if err != nil {
			return api.DeployRequest{}, fmt.Errorf("find the folder's name: %w; say it with --name", err)
		}
		name = filepath.Base(abs)
	}
	if err := subject.CheckTemplate(name); err != nil {
		return api.DeployRequest{}, usage{fmt.Errorf("%w; say another one with --name", err)}
	}
	for _, c := range d.grant {
		if err := bundle.KnownCapability(c); err != nil {
			return api.DeployRequest{}, usage{fmt.Errorf("--grant: %w", err)}
		}
	}
	files, left, err := folder.Read(d.dir)
	if err != nil {
		return api.DeployRequest{}, err
	}
	if len(left) > 0 {
		fmt.Fprintf(d.errout, "left out, since only .lua files belong to a template: %s\n", strings.Join(left, ", "))
	}
	return api.DeployRequest{Tenant: t, Template: name, Files: files, Grant: d.grant, GrantAll: d.grantAll, By: author()}, nil
}

// refused says how to grant what was asked for.
func (d *deployment) refused(err error) error {
	var e *api.Error
	if !errors.As(err, &e) || e.Code != api.Denied || len(e.Missing) == 0 {
		return err
	}
	grant := slices.Concat(d.grant, e.Missing)
	slices.Sort(grant)
	words := []string{"deploy", d.dir, "--tenant", d.tenant, "--grant", strings.Join(slices.Compact(grant), ",")}
	if d.name != "" {
		words = append(words, "--name", d.name)
	}
	return fmt.Errorf("the template asks for %s, which you have not granted, so nothing was deployed; grant it with: %s %s",
		strings.Join(e.Missing, " and "), Name, d.again(words...))
}

func (d *deployment) report(reply api.DeployReply) error {
	if d.json {
		return json.NewEncoder(d.out).Encode(reply)
	}
	p := d.paint()
	fmt.Fprintf(d.out, "%s of %s: version %d is %s, revision %.12s\n", p.Bold(reply.Template), reply.Tenant, reply.Version, d.force(d.wait), reply.Revision)
	if reply.Unchanged {
		fmt.Fprintln(d.out, "  content  unchanged; the new version ends a pause and has STARTUP handlers run again")
	}
	fmt.Fprintf(d.out, "  handles  %s\n  may      %s\n", list(reply.Events), list(reply.Capabilities))
	for _, w := range reply.Warnings {
		fmt.Fprintf(d.out, "  %s\n", p.Note("note     "+show.Clean(w)))
	}
	return nil
}

func list(words []string) string {
	if len(words) == 0 {
		return "nothing"
	}
	return strings.Join(words, ", ")
}
