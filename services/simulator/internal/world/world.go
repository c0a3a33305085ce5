// Package world is what exists in the simulated Discord: users, guilds, channels, messages and interactions.
//
// Whoever acts, a simulated person or the bot over REST, does so by a method here; each change emits the gateway events that Discord
// would send, in the order of the changes. Refusals are of type *[discord.Error]. Everything is safe for concurrent use.
//
// The methods of the bot check its membership and permissions as Discord does; those of people check nothing but that things exist.
package world

import (
	"encoding/json"
	"sync"
	"time"

	"antiraid/services/simulator/internal/discord"
)

// Config sets the clock and the periods that Discord's rules depend on.
type Config struct {
	Application    discord.ID       // the application's id, which is the bot's too
	BotName        string           // the bot's user name
	Now            func() time.Time // the clock
	NonceWindow    time.Duration    // how long a nonce is remembered
	CallbackWithin time.Duration    // how long an interaction waits for its first answer
	TokenLife      time.Duration    // how long an interaction can be answered after that
	MessagesKept   int              // of each channel; older ones are forgotten
}

// Event is something to tell the bot over the gateway.
type Event struct {
	Type  string
	Guild discord.ID      // 0: goes to shard 0
	Data  json.RawMessage // `d`
	Blank json.RawMessage // `d` for sessions without the intent MESSAGE_CONTENT; nil: there is nothing to hide
	Self  bool            // about the bot itself: sent whatever the intents are
}

// World is everything there is. Make it with [New].
type World struct {
	cfg    Config
	minter *discord.Minter

	mu           sync.Mutex
	notify       func(Event)
	bot          discord.User
	users        map[discord.ID]discord.User
	closed       map[discord.ID]bool // users who take no DMs
	guilds       map[discord.ID]*guild
	channels     map[discord.ID]*channel
	dms          map[discord.ID]*channel // by the other user
	nonces       nonces
	commands     map[discord.ID]map[discord.ID]Command // by guild, 0 for global ones
	interactions map[discord.ID]*interaction
	tokens       map[string]*interaction
	uses         []*interaction // by age
}

// New makes a world with nobody but the bot in it.
func New(cfg Config) *World {
	w := &World{
		cfg:          cfg,
		minter:       discord.NewMinter(cfg.Now),
		notify:       func(Event) {},
		users:        map[discord.ID]discord.User{},
		closed:       map[discord.ID]bool{},
		guilds:       map[discord.ID]*guild{},
		channels:     map[discord.ID]*channel{},
		dms:          map[discord.ID]*channel{},
		nonces:       nonces{made: map[string]nonce{}},
		commands:     map[discord.ID]map[discord.ID]Command{},
		interactions: map[discord.ID]*interaction{},
		tokens:       map[string]*interaction{},
	}
	w.bot = discord.User{ID: cfg.Application, Username: cfg.BotName, Discriminator: "0001", Bot: true}
	w.users[w.bot.ID] = w.bot
	return w
}

// Notify sets who is told of events, while the world stands still: it must be quick and must not call the world. Set it before use.
func (w *World) Notify(f func(Event)) { w.notify = f }

// Bot is the bot's account.
func (w *World) Bot() discord.User { return w.bot }

// NewID is an id that nothing has yet.
func (w *World) NewID() discord.ID { return w.minter.Next() }

func (w *World) now() discord.Time { return discord.Time{Time: w.cfg.Now()} }

// emit tells of something in a guild, or of no guild with 0.
func (w *World) emit(kind string, guild discord.ID, d any) {
	w.notify(Event{Type: kind, Guild: guild, Data: discord.Encode(d)})
}
