package world

import (
	"encoding/json"
	"fmt"
	"net/url"
	"time"

	"antiraid/services/simulator/internal/discord"
)

// store gives an uploaded file its place. Its bytes are not kept: nothing in the simulator reads them again.
func (w *World) store(ch *channel, f discord.Attachment) discord.Attachment {
	f.ID = w.minter.Next()
	path := fmt.Sprintf("/attachments/%d/%d/%s", ch.ID, f.ID, url.PathEscape(f.Filename))
	f.URL, f.ProxyURL = "https://cdn.discordapp.com"+path, "https://media.discordapp.net"+path
	return f
}

// poll is a poll as it is asked for and, with the fields below Duration, as it is shown.
type poll struct {
	Question    json.RawMessage `json:"question"`
	Answers     []pollAnswer    `json:"answers"`
	Multiselect bool            `json:"allow_multiselect"`
	Layout      int             `json:"layout_type"`
	Duration    int             `json:"duration,omitempty"` // hours
	Expiry      discord.Time    `json:"expiry"`
	Results     struct {
		Counts    []any `json:"answer_counts"`
		Finalized bool  `json:"is_finalized"`
	} `json:"results"`
}

type pollAnswer struct {
	ID    int             `json:"answer_id"`
	Media json.RawMessage `json:"poll_media"`
}

// openPoll is a poll that starts now.
func (w *World) openPoll(asked json.RawMessage) json.RawMessage {
	p := poll{Duration: 24, Layout: 1}
	if json.Unmarshal(asked, &p) != nil {
		return nil
	}
	for i := range p.Answers {
		p.Answers[i].ID = i + 1
	}
	p.Expiry = discord.Time{Time: w.cfg.Now().Add(time.Duration(p.Duration) * time.Hour)}
	p.Results.Counts, p.Duration = []any{}, 0
	return discord.Encode(p)
}
