package rest

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"regexp"
	"strconv"
	"time"

	"antiraid/services/simulator/internal/discord"
	"antiraid/services/simulator/internal/limit"
)

// agent is what a User-Agent has to look like.
var agent = regexp.MustCompile(`^DiscordBot \(.+\)`)

// serve takes a request through what Discord checks, in its order: the door, the token, the limits, the form, the deed.
func (a *API) serve(w http.ResponseWriter, r *http.Request, route route) {
	c := &call{api: a, r: r, route: route, at: a.cfg.Now()}
	formErr := c.readBody()
	if idErr := c.readIDs(); formErr == nil {
		formErr = idErr
	}
	if n, left := a.limits.Invalids(); n >= a.cfg.InvalidLimit && !a.cfg.Unlimited {
		a.block(w, c, left)
		return
	}
	if fault, ok := a.faults.take(r.Method, route.path); ok {
		a.spoil(w, c, fault, formErr)
		return
	}
	a.answer(w, c, formErr)
}

// answer is the ordinary course.
func (a *API) answer(w http.ResponseWriter, c *call, formErr error) {
	if err := a.admit(c); err != nil {
		a.write(w, c, reply{}, err)
		return
	}
	if !a.cfg.Unlimited && c.route.limit.Size > 0 {
		if !c.route.apart {
			if wait := a.limits.TakeGlobal(a.cfg.GlobalPerSecond); wait > 0 {
				a.tooMany(w, c, "global", wait)
				return
			}
		}
		state := a.limits.Take(c.route.limit, c.major())
		tellBucket(w.Header(), state)
		if state.Over {
			a.tooMany(w, c, "user", state.After)
			return
		}
	}
	out, err := c.do(formErr)
	a.write(w, c, out, err)
}

// do is the deed itself.
func (c *call) do(formErr error) (reply, error) {
	if formErr != nil {
		return reply{}, formErr
	}
	out, err := c.route.do(c)
	c.applied = err == nil
	return out, err
}

// admit checks the client and its token.
func (a *API) admit(c *call) error {
	switch {
	case !agent.MatchString(c.r.Header.Get("User-Agent")):
		return discord.ErrBlocked
	case c.route.open:
		return nil
	}
	if token := c.r.Header.Get("Authorization"); len(token) < 5 || token[:4] != "Bot " || !a.account.Valid(token) {
		return discord.ErrUnauthorized
	}
	return nil
}

// major is what the bucket is counted by beside its hash.
func (c *call) major() string {
	for _, name := range []string{"channel", "guild"} {
		if id := c.ids[name]; id != 0 {
			return id.String()
		}
	}
	return c.r.PathValue("token")
}

func tellBucket(h http.Header, s limit.State) {
	h.Set("X-RateLimit-Limit", strconv.Itoa(s.Size))
	h.Set("X-RateLimit-Remaining", strconv.Itoa(s.Remaining))
	h.Set("X-RateLimit-Reset", fmt.Sprintf("%.3f", float64(s.Reset.UnixMilli())/1000))
	h.Set("X-RateLimit-Reset-After", seconds(s.After))
	h.Set("X-RateLimit-Bucket", s.Hash())
}

// limited is the body of a 429.
type limited struct {
	Message    string  `json:"message"`
	RetryAfter float64 `json:"retry_after"`
	Global     bool    `json:"global"`
	Code       int     `json:"code"`
}

// tooMany answers 429 with a scope: user, shared or global.
func (a *API) tooMany(w http.ResponseWriter, c *call, scope string, wait time.Duration) {
	h := w.Header()
	h.Set("X-RateLimit-Scope", scope)
	h.Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
	body := limited{Message: "You are being rate limited.", RetryAfter: math.Ceil(wait.Seconds()*1000) / 1000, Global: scope == "global"}
	switch scope {
	case "global":
		h.Set("X-RateLimit-Global", "true")
	case "shared":
		body.Message = "The resource is being rate limited."
	}
	if scope != "shared" {
		a.limits.Invalid()
	}
	a.send(w, c, http.StatusTooManyRequests, discord.Encode(body))
}

// block is what stands before Discord turning an address away: HTML, and no headers of Discord's.
func (a *API) block(w http.ResponseWriter, c *call, wait time.Duration) {
	w.Header().Set("Content-Type", "text/html; charset=UTF-8")
	if wait > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
	}
	a.send(w, c, http.StatusTooManyRequests, []byte("<!doctype html><html><title>Access denied | discord.com used Cloudflare to restrict access</title><body>Error 1015</body></html>\n"))
}

// write answers as a route says.
func (a *API) write(w http.ResponseWriter, c *call, out reply, err error) {
	if err != nil {
		refusal := (*discord.Error)(nil)
		if !errors.As(err, &refusal) {
			refusal = &discord.Error{Status: http.StatusInternalServerError, Message: "500: Internal Server Error"}
		}
		if refusal.Status == http.StatusUnauthorized || refusal.Status == http.StatusForbidden {
			a.limits.Invalid()
		}
		a.send(w, c, refusal.Status, discord.Encode(refusal))
		return
	}
	var body []byte
	if out.body != nil {
		body = discord.Encode(out.body)
	}
	a.send(w, c, out.status, body)
}

// send notes what is answered and answers it.
func (a *API) send(w http.ResponseWriter, c *call, status int, body []byte) {
	entry := c.entry(status, body)
	a.journal.Add(func(n int) Request {
		entry.Number = n
		return entry
	})
	if len(body) > 0 && w.Header().Get("Content-Type") == "" {
		w.Header().Set("Content-Type", "application/json")
	}
	w.WriteHeader(status)
	w.Write(body)
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.3f", max(0, d.Seconds())) }
