package gateway

import "time"

// Refusal is op 9 in place of what was asked for.
type Refusal string

// Refusals.
const (
	Accept          Refusal = ""
	Refuse          Refusal = "refuse"           // `d` is false: identify anew
	RefuseResumable Refusal = "refuse-resumable" // `d` is true: resume
)

// Behaviour is how the gateway treats a connection. The zero value is the good one.
type Behaviour struct {
	DelayHello time.Duration `json:"delay_hello"`
	DelayReady time.Duration `json:"delay_ready"` // of the answer to IDENTIFY and RESUME; heartbeats are counted and answered meanwhile
	Heartbeat  time.Duration `json:"heartbeat"`   // told in HELLO in place of the configured interval
	NoACK      bool          `json:"no_ack"`      // heartbeats are not answered

	ReconnectFirst bool `json:"reconnect_first"` // op 7 in place of HELLO
	ReconnectReady bool `json:"reconnect_ready"` // op 7 in place of the answer to IDENTIFY and RESUME

	Identify Refusal `json:"identify"`
	Resume   Refusal `json:"resume"`

	CloseIdentify int `json:"close_identify"` // closed with this code in place of an answer; 0: not
	CloseResume   int `json:"close_resume"`
}

// Behave sets how connections are treated from now on.
func (g *Gateway) Behave(b Behaviour) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.normal = b
}

// Next sets how the next connections are treated, one each; those after them as [Gateway.Behave] says.
func (g *Gateway) Next(b ...Behaviour) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.next = append(g.next, b...)
}

func (g *Gateway) behaviour() Behaviour {
	if len(g.next) == 0 {
		return g.normal
	}
	b := g.next[0]
	g.next = g.next[1:]
	return b
}
