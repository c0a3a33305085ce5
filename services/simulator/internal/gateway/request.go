package gateway

import (
	"encoding/json"
	"strings"
	"time"

	"antiraid/services/simulator/internal/discord"
	"antiraid/services/simulator/internal/world"
)

// Limits of op 8. Source: https://discord.com/developers/docs/events/gateway-events#request-guild-members.
const (
	chunkMembers  = 1000 // members in one GUILD_MEMBERS_CHUNK
	foundMembers  = 100  // members that a query or a list of ids brings
	maxChunkNonce = 32   // bytes; a longer nonce is dropped
	allMembers    = 30 * time.Second
)

// wanted is `d` of op 8.
type wanted struct {
	GuildID   discord.ID      `json:"guild_id"`
	Query     *string         `json:"query"`
	Limit     int             `json:"limit"`
	Presences bool            `json:"presences"`
	UserIDs   json.RawMessage `json:"user_ids"`
	Nonce     string          `json:"nonce"`
}

// chunk is GUILD_MEMBERS_CHUNK.
type chunk struct {
	GuildID    discord.ID       `json:"guild_id"`
	Members    []discord.Member `json:"members"`
	ChunkIndex int              `json:"chunk_index"`
	ChunkCount int              `json:"chunk_count"`
	NotFound   []discord.ID     `json:"not_found,omitempty"`
	Presences  []any            `json:"presences,omitempty"`
	Nonce      string           `json:"nonce,omitempty"`
}

// limited is RATE_LIMITED.
type limited struct {
	Opcode     int     `json:"opcode"`
	RetryAfter float64 `json:"retry_after"`
	Meta       struct {
		GuildID discord.ID `json:"guild_id"`
		Nonce   string     `json:"nonce,omitempty"`
	} `json:"meta"`
}

// request is what an identified client may ask for. Presence, voice, soundboard and channel info are taken and have no effect.
func (c *Conn) request(op int, d json.RawMessage) {
	if op != opMembers {
		return
	}
	var want wanted
	if json.Unmarshal(d, &want) != nil {
		c.fail(CloseDecode)
		return
	}
	if len(want.Nonce) > maxChunkNonce {
		want.Nonce = ""
	}
	c.mu.Lock()
	at := c.at
	c.mu.Unlock()
	if at == nil {
		return
	}
	members, err := c.g.world.Members(want.GuildID, 0, 1<<30)
	if err != nil {
		return // Discord says nothing for a guild that the bot is not in
	}
	if want.everyone() {
		if wait := c.g.askedAll(want.GuildID); wait > 0 {
			l := limited{Opcode: opMembers, RetryAfter: wait.Seconds()}
			l.Meta.GuildID, l.Meta.Nonce = want.GuildID, want.Nonce
			at.tell(dispatch("RATE_LIMITED", want.GuildID, l))
			return
		}
	}
	for _, part := range want.answer(members) {
		at.tell(dispatch("GUILD_MEMBERS_CHUNK", want.GuildID, part))
	}
}

func dispatch(kind string, guild discord.ID, d any) world.Event {
	return world.Event{Type: kind, Guild: guild, Data: discord.Encode(d)}
}

func (w wanted) everyone() bool {
	return len(w.UserIDs) == 0 && w.Query != nil && *w.Query == "" && w.Limit == 0
}

// ids are user_ids: one or a list.
func (w wanted) ids() []discord.ID {
	var many []discord.ID
	if json.Unmarshal(w.UserIDs, &many) != nil {
		var one discord.ID
		if json.Unmarshal(w.UserIDs, &one) == nil {
			many = []discord.ID{one}
		}
	}
	return many[:min(len(many), foundMembers)]
}

// answer is the chunks for a request; there is always one.
func (w wanted) answer(members []discord.Member) []chunk {
	first := chunk{GuildID: w.GuildID, Nonce: w.Nonce}
	switch {
	case len(w.UserIDs) > 0:
		members, first.NotFound = named(members, w.ids())
	case !w.everyone():
		members = w.matching(members)
	}
	count := max(1, (len(members)+chunkMembers-1)/chunkMembers)
	chunks := make([]chunk, count)
	for i := range chunks {
		chunks[i] = first
		chunks[i].ChunkIndex, chunks[i].ChunkCount = i, count
		chunks[i].Members = append([]discord.Member{}, members[i*chunkMembers:min(len(members), (i+1)*chunkMembers)]...)
	}
	return chunks
}

func (w wanted) matching(members []discord.Member) []discord.Member {
	query, limit := "", foundMembers
	if w.Query != nil {
		query = strings.ToLower(*w.Query)
	}
	if w.Limit > 0 {
		limit = min(limit, w.Limit)
	}
	var found []discord.Member
	for _, m := range members {
		if len(found) < limit && strings.HasPrefix(strings.ToLower(m.User.Username), query) {
			found = append(found, m)
		}
	}
	return found
}

func named(members []discord.Member, ids []discord.ID) (found []discord.Member, missing []discord.ID) {
	byID := map[discord.ID]discord.Member{}
	for _, m := range members {
		byID[m.User.ID] = m
	}
	for _, id := range ids {
		if m, ok := byID[id]; ok {
			found = append(found, m)
		} else {
			missing = append(missing, id)
		}
	}
	return found, missing
}

// askedAll counts a request for all members and says how long the next has to wait if it came too early.
func (g *Gateway) askedAll(guild discord.ID) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.cfg.Now()
	if wait := allMembers - now.Sub(g.asked[guild]); wait > 0 {
		return wait
	}
	g.asked[guild] = now
	return 0
}
