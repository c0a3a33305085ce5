package cli

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"antiraid/services/antiraid/internal/client"
	"antiraid/services/antiraid/internal/home"
	"antiraid/services/antiraid/internal/scene"
	"antiraid/services/antiraid/internal/show"
	"antiraid/services/antiraid/internal/system"
	"antiraid/services/antiraid/samples"
	"antiraid/shared/api"
	"antiraid/shared/bundle"
	"antiraid/shared/service"
	"antiraid/shared/tenant"
)

// introduce says which servers run, and where.
func (u *upping) introduce(r *system.Running) {
	fmt.Fprintf(u.out, "%s %s\n", u.paint.Bold("antiraid"), u.paint.Dim(service.Version()))
	u.row("data", u.settings.Data, "what is kept; the other commands find the addresses there")
	if u.settings.NATSURL == "" {
		u.row("nats", r.Addresses.NATS, "nats-server with JetStream, on disk")
	} else {
		u.row("nats", "elsewhere", "ANTIRAID_NATS_URL")
	}
	if r.Addresses.Mongo != "" {
		u.row("mongo", r.Addresses.Mongo, "FerretDB on SQLite")
	} else {
		u.row("mongo", "elsewhere", "ANTIRAID_MONGO_URI")
	}
	switch {
	case r.Discord != nil:
		u.row("discord", r.Addresses.Discord, "simulator; open it to see what it can do")
	case u.settings.DiscordAPI != "":
		u.row("discord", host(r.API), "DISCORD_API")
	default:
		u.row("discord", host(r.API), "the real one")
	}
	if r.Dropped > 0 {
		u.row("effects", fmt.Sprint(r.Dropped, " dropped"), "left over for the Discord of the last run, which is gone")
	}
}

func (u *upping) row(name, address, what string) {
	fmt.Fprintf(u.out, "  %-11s %-31s %s\n", name, address, u.paint.Dim(what))
}

// host is the part of an address that people know it by.
func host(address string) string {
	if a, err := url.Parse(address); err == nil && a.Host != "" {
		return a.Host
	}
	return address
}

// waiting says which part the person has to start.
func (u *upping) waiting(part string) {
	fmt.Fprintf(u.out, "waiting for the %s that you start; the addresses that it needs are in %s\n", part, home.AddressFile(u.settings.Data))
}

// ready says which parts run here.
func (u *upping) ready(r *system.Running, took time.Duration) {
	parts := strings.Join(r.Parts, " ")
	if parts == "" {
		parts = "none here"
	}
	u.row("parts", parts, "ready after "+show.Duration(took))
}

// samples deploys each sample to its tenant, unless the tenant has a template of that name already.
func (u *upping) samples(ctx context.Context, r *system.Running) error {
	fmt.Fprintln(u.out)
	for _, s := range samples.All() {
		t, whose := scene.Guild(), "the sample server"
		if s.User {
			t, whose = scene.User(), "a user"
		}
		version, there, err := deployed(ctx, r.Client, t, s.Name)
		if err == nil && !there {
			version, err = deploySample(ctx, r.Client, t, s)
		}
		if err != nil {
			return fmt.Errorf("deploy sample %s: %w", s.Name, err)
		}
		state := "deployed, version"
		if there {
			state = "is there, version"
		}
		fmt.Fprintf(u.out, "  %-11s %-31s %s\n", u.paint.Bold(fmt.Sprintf("%-11s", s.Name)), t, u.paint.Dim(fmt.Sprintf("%s %d: %s of %s", state, version, s.About, whose)))
	}
	fmt.Fprintln(u.out)
	return nil
}

// deployed reports whether a tenant has a template of that name, in any revision: what somebody changed there stays.
func deployed(ctx context.Context, c *client.Client, t tenant.ID, name string) (version uint64, there bool, err error) {
	err = c.Templates(ctx, t, func(b bundle.Bundle) {
		for _, tpl := range b.Templates {
			if tpl.Name == name {
				version, there = b.Version, true
			}
		}
	})
	var refused *api.Error
	if errors.As(err, &refused) && refused.Code == api.NotFound {
		err = nil
	}
	return version, there, err
}

func deploySample(ctx context.Context, c *client.Client, t tenant.ID, s samples.Template) (version uint64, err error) {
	files, err := s.Files()
	if err != nil {
		return 0, err
	}
	place, err := c.Place(ctx)
	if err != nil {
		return 0, err
	}
	reply, err := c.Deploy(ctx, api.DeployRequest{Tenant: t, Template: s.Name, Files: files, GrantAll: true, By: "antiraid up"})
	if err != nil {
		return 0, err
	}
	return reply.Version, c.AwaitVersion(ctx, t, reply.Version, place)
}

// idle says what goes on, and what a person could do.
func (u *upping) idle(r *system.Running) {
	fmt.Fprintf(u.out, "\nThe scene is over, everything stays up")
	if u.chatter > 0 {
		fmt.Fprintf(u.out, "; somebody writes !count every %s", u.chatter)
	}
	t := scene.Guild().String()
	fmt.Fprintln(u.out, ". Ctrl-C ends it. In another terminal:")
	for _, command := range []string{
		u.again("logs", "-f"), u.again("deploy", "services/antiraid/samples/welcome", "--tenant", t), u.again("replay", "--tenant", t, "--since", "10m", "--dry-run"),
	} {
		fmt.Fprintf(u.out, "  %s %s\n", u.program, command)
	}
	fmt.Fprintf(u.out, "  curl -X POST '%s/simulator/scenario/raid?count=60&every=5ms'\n\n", r.Addresses.Discord)
}
