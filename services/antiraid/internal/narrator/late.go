package narrator

import (
	"antiraid/services/antiraid/internal/show"
	"antiraid/services/simulator"
	"antiraid/shared/effect"
	"antiraid/shared/run"
)

// late is an effect that was told of as not at Discord yet: limits keep it, or nobody performs it.
type late struct {
	record *run.Record
	effect effect.Effect
}

func (n *Narrator) owe(l late) {
	if n.late = append(n.late, l); len(n.late) > kept {
		n.late = n.late[1:]
	}
}

// arrived tells of a late effect that Discord has received by this request.
func (n *Narrator) arrived(r simulator.Request) bool {
	for i, l := range n.late {
		if key(l.effect) == requestKey(r) {
			n.late = append(n.late[:i:i], n.late[i+1:]...)
			n.say(n.paint.Dim("↳ ") + n.paint.Bold(l.record.Template) + " → " + show.Effect(l.effect, n.name) + n.received(l.record, &r))
			return true
		}
	}
	return false
}
