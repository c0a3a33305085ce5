package simulator

import (
	"cmp"
	"fmt"
	"time"

	"antiraid/services/simulator/internal/discord"
	"antiraid/services/simulator/internal/gateway"
	"antiraid/shared/config"
)

// DefaultApplication is the application's id unless the configuration says otherwise.
const DefaultApplication ID = 1090000000000000000

// Config sets a simulated Discord. Every zero value gets Discord's own, as far as that is known.
type Config struct {
	Addr        string        // host:port to listen on; empty: 127.0.0.1 and a free port
	Token       config.Secret // the bot's: base64(application id).x.y; empty: [Simulator.Token] tells a new one
	Application ID            // the bot's id; 0: the token's, or [DefaultApplication]
	BotName     string
	Empty       bool             // no sample guild and user
	Now         func() time.Time // for limits and ids; nil: time.Now. Heartbeats and delays run on the real clock

	// Gateway.
	HeartbeatInterval time.Duration // default 41.25 s
	IdentifyEvery     time.Duration // between two IDENTIFYs of a bucket; default 5 s
	MaxConcurrency    int           // buckets; default 1
	IdentifyBudget    int           // IDENTIFYs a day; default 1000
	Shards            int           // recommended; default 1
	GuildsPerShard    int           // default 2500
	SessionLife       time.Duration // without a connection; default 3 min ("a few minutes")
	ResumeBuffer      int           // events kept for a resume; default 3500, the most that Discord has told of
	ReconnectGrace    time.Duration // from op 7 to the close; default 5 s ("a few seconds")
	WithoutPrivileged bool          // no privileged intents: asking for them is 4014

	// REST.
	GlobalPerSecond int           // default 50
	InvalidLimit    int           // 401, 403 and 429 in 10 min; default 10000
	Unlimited       bool          // no rate limits
	NonceWindow     time.Duration // default 3 min ("the past few minutes")
	CallbackWithin  time.Duration // for the first answer to an interaction; default 3 s
	TokenLife       time.Duration // of an interaction; default 15 min
	MessagesKept    int           // of each channel; default 1000
	JournalSize     int           // requests kept at least; default 20000
}

// withDefaults is the configuration with nothing left open.
func (c Config) withDefaults() Config {
	c.Addr = cmp.Or(c.Addr, "127.0.0.1:0")
	c.BotName = cmp.Or(c.BotName, "AntiRaid")
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Application == 0 && !c.Token.IsSet() {
		c.Application = DefaultApplication
	}
	c.HeartbeatInterval = cmp.Or(c.HeartbeatInterval, 41250*time.Millisecond)
	c.IdentifyEvery = cmp.Or(c.IdentifyEvery, 5*time.Second)
	c.MaxConcurrency = cmp.Or(c.MaxConcurrency, 1)
	c.IdentifyBudget = cmp.Or(c.IdentifyBudget, 1000)
	c.Shards = cmp.Or(c.Shards, 1)
	c.GuildsPerShard = cmp.Or(c.GuildsPerShard, 2500)
	c.SessionLife = cmp.Or(c.SessionLife, 3*time.Minute)
	c.ResumeBuffer = cmp.Or(c.ResumeBuffer, 3500)
	c.ReconnectGrace = cmp.Or(c.ReconnectGrace, 5*time.Second)
	c.GlobalPerSecond = cmp.Or(c.GlobalPerSecond, 50)
	c.InvalidLimit = cmp.Or(c.InvalidLimit, 10000)
	c.NonceWindow = cmp.Or(c.NonceWindow, 3*time.Minute)
	c.CallbackWithin = cmp.Or(c.CallbackWithin, 3*time.Second)
	c.TokenLife = cmp.Or(c.TokenLife, 15*time.Minute)
	c.MessagesKept = cmp.Or(c.MessagesKept, 1000)
	c.JournalSize = cmp.Or(c.JournalSize, 20000)
	return c
}

// validate finds what cannot be meant, and names it.
func (c Config) validate() error {
	for name, n := range map[string]int64{
		"HeartbeatInterval": int64(c.HeartbeatInterval), "IdentifyEvery": int64(c.IdentifyEvery), "MaxConcurrency": int64(c.MaxConcurrency),
		"IdentifyBudget": int64(c.IdentifyBudget), "Shards": int64(c.Shards), "GuildsPerShard": int64(c.GuildsPerShard),
		"SessionLife": int64(c.SessionLife), "ResumeBuffer": int64(c.ResumeBuffer), "GlobalPerSecond": int64(c.GlobalPerSecond),
		"InvalidLimit": int64(c.InvalidLimit), "NonceWindow": int64(c.NonceWindow), "CallbackWithin": int64(c.CallbackWithin),
		"TokenLife": int64(c.TokenLife), "MessagesKept": int64(c.MessagesKept), "JournalSize": int64(c.JournalSize),
		"ReconnectGrace": int64(c.ReconnectGrace),
	} {
		if n < 0 {
			return fmt.Errorf("configure the simulator: %s is below 0", name)
		}
	}
	return nil
}

func (c Config) privileged() gateway.Intents {
	if c.WithoutPrivileged {
		return 0
	}
	return gateway.Privileged
}

// ID is a Discord id.
type ID = discord.ID
