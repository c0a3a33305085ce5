package world

import (
	"time"

	"antiraid/services/simulator/internal/discord"
)

// nonces remembers which message the bot made with a nonce.
type nonces struct {
	made  map[string]nonce
	order []string // by age
}

type nonce struct {
	channel, message discord.ID
	at               time.Time
}

// remember notes a message; an empty text is no nonce. Of two messages with one nonce, the newer counts.
func (n *nonces) remember(text string, channel, message discord.ID, at time.Time) {
	if text == "" {
		return
	}
	n.made[text] = nonce{channel, message, at}
	n.order = append(n.order, text)
}

// recall is the message of a nonce used after since; what is older is forgotten.
func (n *nonces) recall(text string, since time.Time) (nonce, bool) {
	for len(n.order) > 0 && !n.made[n.order[0]].at.After(since) {
		delete(n.made, n.order[0])
		n.order = n.order[1:]
	}
	made, ok := n.made[text]
	return made, ok && made.at.After(since)
}
