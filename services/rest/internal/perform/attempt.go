package perform

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/bwmarrin/discordgo"

	"antiraid/services/rest/internal/api"
	"antiraid/services/rest/internal/ledger"
	"antiraid/services/rest/internal/request"
	"antiraid/shared/effect"
	"antiraid/shared/outcome"
)

// attempt sends an effect's request once. Its error says whether that is final (Reject) or for now (everything else).
func (p *Performer) attempt(ctx context.Context, e effect.Effect, r request.Request, page *ledger.Page) (effect.Result, error) {
	if err := p.Guard.Check(ctx, e.Tenant, r.Channels); err != nil {
		return effect.Result{}, err
	}
	doubt := page.Since
	var before func(context.Context) error
	if op, _ := effect.Lookup(e.Op); !op.Reads {
		before = func(ctx context.Context) error {
			if err := p.stale(r, page); err != nil {
				return err
			}
			return p.Ledger.Begin(ctx, page)
		}
	}
	answer, err := p.Discord.Do(ctx, r, before)
	result, done, err := p.judge(e, r, answer, err, !doubt.IsZero())
	if !done && doubt.IsZero() && !page.Since.IsZero() { // what this attempt left in doubt is known after all
		if err := p.Ledger.Clear(ctx, page); err != nil {
			p.Log.Warn("the ledger keeps a doubt that is resolved", "effect", e.ID, "err", err)
		}
	}
	return result, err
}

// stale refuses to repeat a request that Discord would no longer recognise as a repetition.
func (p *Performer) stale(r request.Request, page *ledger.Page) error {
	if !r.Nonce || page.Since.IsZero() || time.Since(page.Since) <= p.cfg.NonceWindow {
		return nil
	}
	return outcome.Reject(fmt.Errorf("it may have been sent at %s by %s, and it is too late to repeat it safely", page.Since.Format(time.RFC3339), page.By))
}

// judge makes a result, or an error, of what came back. done is false when the request is known not to have been performed.
func (p *Performer) judge(e effect.Effect, r request.Request, a api.Answer, err error, repeated bool) (result effect.Result, done bool, _ error) {
	var none *api.NoAnswer
	switch {
	case errors.As(err, &none):
		return effect.Result{}, none.Sent, err
	case err != nil: // it was not sent, this time
		return effect.Result{}, true, err
	}
	result = effect.Result{ID: e.ID, Status: a.Status, Body: a.Body}
	switch {
	case a.Status >= 200 && a.Status < 300:
		return result, true, nil
	case a.Status == http.StatusTooManyRequests:
		return effect.Result{}, false, outcome.Retry(errors.New("the rate limit of Discord was met"), p.cfg.Backoff)
	case a.Status == http.StatusUnauthorized && !r.Callback:
		p.Log.Error("discord refuses the bot's token", "op", e.Op)
		return effect.Result{}, false, errors.New("the bot's token is refused by Discord")
	case a.Status >= 500, a.Status == http.StatusRequestTimeout:
		return effect.Result{}, true, fmt.Errorf("answered by Discord with %d", a.Status)
	}
	said := saying(a.Body)
	if repeated && r.Callback && said.Code == discordgo.ErrCodeInteractionHasAlreadyBeenAcknowledged {
		return effect.Result{ID: e.ID, Status: http.StatusNoContent}, true, nil // an attempt before this one had reached Discord
	}
	result.Error = fmt.Sprintf("Discord refused: %d %s (code %d)", a.Status, said.Message, said.Code)
	return result, true, nil
}

// saying reads Discord's error object; empty for anything else.
func saying(body []byte) (said discordgo.APIErrorMessage) {
	var s struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
	}
	if json.Unmarshal(body, &s) != nil {
		return discordgo.APIErrorMessage{}
	}
	return discordgo.APIErrorMessage{Code: s.Code, Message: fmt.Sprintf("%.200s", s.Message)}
}
