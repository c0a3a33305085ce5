package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"antiraid/services/antiraid/internal/home"
	"antiraid/services/antiraid/internal/narrator"
	"antiraid/services/antiraid/internal/scene"
	"antiraid/services/antiraid/internal/settings"
	"antiraid/services/antiraid/internal/show"
	"antiraid/services/antiraid/internal/system"
	"antiraid/shared/service"
)

// upping is one call of `antiraid up`.
type upping struct {
	*app
	once    bool
	chatter time.Duration
	began   time.Time
	paint   show.Paint
}

func (a *app) up() *cobra.Command {
	u := &upping{app: a, began: time.Now()}
	cmd := &cobra.Command{
		Use:   "up",
		Short: "Run everything on this machine",
		Long: `Up runs the whole platform in one process: nats-server, a MongoDB-compatible database, gateway, dispatcher, executor, rest, and a
simulated Discord with a server in it where people do something for templates to act on. It shows each step until Ctrl-C.

What it keeps is in a data folder and there again the next time.

With DISCORD_TOKEN set it connects to Discord instead of the simulator. With ANTIRAID_NATS_URL or ANTIRAID_MONGO_URI set it uses that server
instead of its own.`,
		Example: `  antiraid up
  antiraid up --data /tmp/try --nats-port 0 --once
  DISCORD_TOKEN=… antiraid up`,
		Args:    noArgs,
		PreRunE: func(cmd *cobra.Command, _ []string) error { return a.overlay(cmd) },
		RunE:    func(cmd *cobra.Command, _ []string) error { return u.run(cmd.Context()) },
	}
	f := cmd.Flags()
	f.Int("nats-port", 4222, "where its NATS listens, on 127.0.0.1; 0: a free port")
	f.Int("mongo-port", 0, "the same for its database")
	f.Int("discord-port", 0, "the same for its simulated Discord")
	f.StringSlice("without", nil, "parts to leave out, since you start them yourself: "+strings.Join(settings.Parts, ", "))
	f.BoolVar(&u.once, "once", false, "end when the sample scene is over; exit 0 only if all of it worked")
	f.DurationVar(&u.chatter, "chatter", 30*time.Second, "how often somebody in the simulated server writes, after the scene; 0: never")
	return cmd
}

// overlay puts the flags over the settings, and refuses what only this command has a use for.
func (a *app) overlay(cmd *cobra.Command) error {
	if a.settings.DiscordAPI != "" && !a.settings.DiscordToken.IsSet() {
		return usage{errors.New("DISCORD_API is set, but no token goes with it; set DISCORD_TOKEN to the bot's token there, or unset the address to use the simulator")}
	}
	if flag := cmd.Flags().Lookup("without"); flag.Changed {
		a.settings.Without, _ = cmd.Flags().GetStringSlice("without") // it was parsed
		if err := a.settings.Validate(); err != nil {
			return usage{err}
		}
	}
	for name, into := range map[string]*int{"nats-port": &a.settings.NATSPort, "mongo-port": &a.settings.MongoPort, "discord-port": &a.settings.DiscordPort} {
		if flag := cmd.Flags().Lookup(name); flag.Changed {
			port, err := cmd.Flags().GetInt(name)
			if err != nil || port < 0 || port > 65535 {
				return usage{fmt.Errorf("--%s is %s; want 1 to 65535, or 0 for a free port", name, flag.Value)}
			}
			*into = port
		}
	}
	return nil
}

func (u *upping) run(ctx context.Context) error {
	u.paint = u.app.paint()
	h, err := home.Open(u.settings.Data)
	if err != nil {
		return err
	}
	log := service.Logger(u.errout, u.settings.LogLevel)
	err = system.New(u.settings, h, log).Run(ctx, u.use)
	if err == nil && ctx.Err() != nil {
		fmt.Fprintln(u.out, u.paint.Dim("stopped; everything is kept in "+u.settings.Data))
	}
	return errors.Join(err, h.Close())
}

// use is what happens while the system runs.
func (u *upping) use(ctx context.Context, r *system.Running) error {
	u.introduce(r)
	took, err := r.Ready(ctx, u.waiting)
	if err != nil {
		return err
	}
	u.ready(r, took)
	if r.Discord == nil {
		return u.real(ctx, r)
	}
	if err := u.samples(ctx, r); err != nil {
		return err
	}
	n := narrator.New(u.out, u.paint, r.Discord, func() {
		fmt.Fprintf(u.out, "%s\n", u.paint.Dim(fmt.Sprintf("first event handled %s after the start", show.Duration(time.Since(u.began)))))
	})
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return n.Run(ctx, r.Client, time.Now()) })
	g.Go(func() error { return u.perform(ctx, r, n) })
	if err := g.Wait(); !errors.Is(err, errOver) {
		return err
	}
	return nil
}

// errOver ends everything after a scene that was to be played once.
var errOver = errors.New("the scene is over")

// perform plays the scene, then keeps somebody talking.
func (u *upping) perform(ctx context.Context, r *system.Running, n *narrator.Narrator) error {
	err := scene.Play(ctx, r.Discord, n.Step)
	switch {
	case ctx.Err() != nil:
		return nil
	case err != nil && (u.once || !errors.Is(err, narrator.ErrMissing)):
		return fmt.Errorf("play the sample scene: %w", err)
	case err != nil: // somebody may have changed the templates
		fmt.Fprintf(u.errout, "the sample scene was cut short: %v\n", err)
	}
	if u.once {
		return errOver
	}
	u.idle(r)
	return scene.Chat(ctx, r.Discord, u.chatter)
}

// real is what happens on a Discord that is elsewhere: nothing, until its owners deploy something.
func (u *upping) real(ctx context.Context, r *system.Running) error {
	fmt.Fprintf(u.out, `
Nothing is deployed by itself; give your server a template, in another terminal:
  %s

`, u.paint.Bold(strings.TrimRight(u.program+" deploy DIR --tenant g-<your server's id> "+u.again(), " ")))
	g, ctx := errgroup.WithContext(ctx)
	if slices.Contains(r.Parts, "gateway") {
		fmt.Fprintf(u.out, "connecting to %s …\n", host(r.API))
		g.Go(func() error {
			if r.Connected(ctx) == nil {
				fmt.Fprintln(u.out, u.paint.Good("Connected to Discord."))
			}
			return nil
		})
	}
	g.Go(func() error { return narrator.New(u.out, u.paint, nil, nil).Run(ctx, r.Client, time.Now()) })
	return g.Wait()
}
