package account

import (
	"testing"

	"antiraid/shared/config"
)

func FuzzToken(f *testing.F) {
	for _, seed := range []string{"MTIz.x.y", "Bot MTIz.x.y", "MTIz.x", "x.y.z", "", "MA.x.y", "MTIz==.x.y", "....", "MTIz.x.y.z"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, token string) {
		a, err := New(0, config.NewSecret(token))
		if err != nil {
			return
		}
		if a.Application() == 0 || !a.Valid(token) || !a.Valid("Bot "+bare(token)) {
			t.Errorf("token %q of application %d is not valid", token, a.Application())
		}
		a.Reset()
		if a.Valid(token) {
			t.Errorf("token %q is valid after a reset", token)
		}
		if named, err := applicationOf(a.Token().Reveal()); err != nil || named != a.Application() {
			t.Errorf("the new token is of application %d, %v, want %d", named, err, a.Application())
		}
	})
}

func TestTokenAndApplicationAgree(t *testing.T) {
	if _, err := New(124, config.NewSecret("MTIz.x.y")); err == nil {
		t.Error("a token of another application was taken")
	}
	if _, err := New(0, config.NewSecret("")); err == nil {
		t.Error("an account without application was made")
	}
	a, err := New(123, config.NewSecret("MTIz.x.y"))
	if err != nil || a.Valid("") || a.Valid("MTIz.x.z") {
		t.Errorf("wrong tokens are valid, %v", err)
	}
}
