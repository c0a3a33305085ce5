// Package account is the bot's account: its application id and the token that opens the gateway and REST.
package account

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"
	"sync"

	"antiraid/services/simulator/internal/discord"
	"antiraid/shared/config"
)

// Account has one token at a time. It is safe for concurrent use.
type Account struct {
	application discord.ID

	mu    sync.Mutex
	token string
}

// New makes an account. Without a token it gets a new one; without an application id it is read from the token, whose first part is
// that id in unpadded base64.
func New(application discord.ID, token config.Secret) (*Account, error) {
	a := &Account{application: application, token: bare(token.Reveal())}
	if a.token == "" {
		if a.application == 0 {
			return nil, fmt.Errorf("make an account: want an application id or a token")
		}
		a.Reset()
		return a, nil
	}
	named, err := applicationOf(a.token)
	switch {
	case err != nil:
		return nil, err
	case a.application == 0:
		a.application = named
	case a.application != named:
		return nil, fmt.Errorf("make an account: the token is of application %d, not of %d", named, application)
	}
	return a, nil
}

func applicationOf(token string) (discord.ID, error) {
	first, rest, _ := strings.Cut(token, ".")
	digits, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(first, "="))
	if err == nil && strings.Count(rest, ".") == 1 {
		if id, err := discord.ParseID(string(digits)); err == nil && id != 0 {
			return id, nil
		}
	}
	return 0, fmt.Errorf("read the token: want base64(application id).x.y, as clients read the id from it")
}

// Application is the application's id, which is the bot's as well.
func (a *Account) Application() discord.ID { return a.application }

// Token is the token in force.
func (a *Account) Token() config.Secret {
	a.mu.Lock()
	defer a.mu.Unlock()
	return config.NewSecret(a.token)
}

// Valid reports whether that is the token in force; "Bot " before it is taken off.
func (a *Account) Valid(token string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return subtle.ConstantTimeCompare([]byte(bare(token)), []byte(a.token)) == 1
}

// Reset voids the token and makes another.
func (a *Account) Reset() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.token = base64.RawStdEncoding.EncodeToString([]byte(a.application.String())) + "." + rand.Text()[:6] + "." + rand.Text()
}

func bare(token string) string { return strings.TrimPrefix(token, "Bot ") }
