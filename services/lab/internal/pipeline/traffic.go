package pipeline

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"antiraid/shared/bus"
	"antiraid/shared/tenant"
)

// zipf is how unequal tenants are: the busiest of a thousand has a fifth of all events.
const zipf = 1.1

// Types of events; templates handle the first.
const (
	matching = "MESSAGE_CREATE"
	other    = "MESSAGE_UPDATE"
)

// traffic is a sequence of events that is the same for the same seed.
type traffic struct {
	Tenants int     `json:"tenants"`
	Match   float64 `json:"match"` // part of the events that a template handles
	Seed    uint64  `json:"seed"`
}

// source draws the events.
type source struct {
	traffic
	random *rand.Rand
	pick   *rand.Zipf
	texts  [][]byte
}

func (t traffic) source() *source {
	random := rand.New(rand.NewPCG(t.Seed, 1))
	s := &source{traffic: t, random: random, pick: rand.NewZipf(random, zipf, 1, uint64(t.Tenants-1))}
	for range 64 {
		s.texts = append(s.texts, payload(random))
	}
	return s
}

// tenantAt is the tenant of a rank, from 0, the busiest.
func tenantAt(rank int) tenant.ID {
	t, err := tenant.New(tenant.Guild, 1_100_000_000_000_000_000+uint64(rank)*4_194_304)
	if err != nil {
		panic(fmt.Sprintf("make tenant %d: %v", rank, err)) // the numbers above are snowflakes
	}
	return t
}

// next draws an event. Its id carries the time of the call, so that its latency can be told from its run record alone.
func (s *source) next(number int) bus.Outgoing {
	typ := other
	if s.random.Float64() < s.Match {
		typ = matching
	}
	return s.event(number, int(s.pick.Uint64()), typ)
}

func (s *source) event(number, rank int, typ string) bus.Outgoing {
	id := strconv.Itoa(number) + "-" + strconv.FormatInt(time.Now().UnixNano(), 10)
	return bus.EventMessage(tenantAt(rank), typ, id, s.texts[number%len(s.texts)])
}

// matches counts the matching events among the first n.
func (t traffic) matches(n int) (count int) {
	s := t.source()
	for range n {
		if s.random.Float64() < s.Match {
			count++
		}
		s.pick.Uint64()
	}
	return count
}

// ofPartition is the busiest tenant of each partition that has one.
func (t traffic) ofPartition() (ranks []int) {
	seen := map[int]bool{}
	for rank := 0; rank < t.Tenants && len(seen) < tenant.Partitions; rank++ {
		if p := tenantAt(rank).Partition(); !seen[p] {
			seen[p] = true
			ranks = append(ranks, rank)
		}
	}
	return ranks
}

// payload is a MESSAGE_CREATE of about 1 KB, of the shape that Discord sends.
func payload(random *rand.Rand) []byte {
	id := func() string { return strconv.FormatUint(1_100_000_000_000_000_000+random.Uint64N(1<<58), 10) }
	words := strings.Fields("hello everyone who wants to play tonight I think we should meet at nine and bring friends lol that was great")
	var text strings.Builder
	for range 10 + random.IntN(20) {
		text.WriteString(words[random.IntN(len(words))] + " ")
	}
	return fmt.Appendf(nil, `{"type":0,"tts":false,"timestamp":"2026-01-01T12:00:00.000000+00:00","referenced_message":null,"pinned":false,"nonce":"%s",`+
		`"mentions":[],"mention_roles":[],"mention_everyone":false,"member":{"roles":["%s","%s","%s"],"premium_since":null,"pending":false,"nick":null,`+
		`"mute":false,"joined_at":"2020-01-01T12:00:00.000000+00:00","flags":0,"deaf":false,"communication_disabled_until":null,"avatar":null,"banner":null},`+
		`"id":"%s","flags":0,"embeds":[],"edited_timestamp":null,"content":"%s","components":[],"channel_type":0,"channel_id":"%s",`+
		`"author":{"username":"someone","public_flags":0,"primary_guild":null,"id":"%s","global_name":"Some One","discriminator":"0",`+
		`"display_name_styles":null,"collectibles":null,"clan":null,"avatar_decoration_data":null,"avatar":"0123456789abcdef0123456789abcdef"},`+
		`"attachments":[],"guild_id":"%s"}`, id(), id(), id(), id(), id(), text.String(), id(), id(), id())
}
