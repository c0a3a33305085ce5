package scenario

import (
	"fmt"

	"antiraid/services/simulator/internal/discord"
)

// raid is many accounts joining as fast as they can; every tenth of them writes.
func raid(p *play) error {
	if p.o.Count <= 0 {
		p.o.Count = 5000
	}
	for i := range p.o.Count {
		id := p.newcomer(fmt.Sprintf("raider%04d", i))
		if err := p.step("a raider joins", func() error { _, err := p.w.Join(SampleGuild, id); return err }); err != nil {
			return err
		}
		if i%10 == 9 {
			if err := p.step("a raider writes", func() error { return p.spam(id) }); err != nil {
				return err
			}
		}
	}
	return nil
}

// spam is a raider's message; one who was banned meanwhile has nothing to write any more.
func (p *play) spam(id discord.ID) error {
	if _, err := p.w.Member(SampleGuild, id); err != nil {
		return nil
	}
	_, err := p.w.Write(SampleChannel, id, "free nitro at example.com")
	return err
}
