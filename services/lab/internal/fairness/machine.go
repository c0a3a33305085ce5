package fairness

import (
	"os"
	"strconv"
	"strings"
	"time"

	"antiraid/services/lab/internal/part"
)

// machine tells how much of its processors programs use that are not of this measurement.
type machine struct{ parts []*part.Process }

// usage is processor time, since ever.
type usage struct {
	at        time.Time
	all, ours time.Duration
}

func (m machine) usage() usage {
	u := usage{at: time.Now(), all: busy(), ours: part.CPU(os.Getpid())}
	for _, p := range m.parts {
		u.ours += p.CPU()
		for _, child := range p.Children() {
			u.ours += part.CPU(child)
		}
	}
	return u
}

// others is how many processors other programs used since then, on average.
func (u usage) others(since usage) float64 {
	used := (u.all - since.all) - (u.ours - since.ours)
	return max(0, used.Seconds()/u.at.Sub(since.at).Seconds())
}

// busy is the time that all processors together were not idle, in steps of 10 ms; 0 where it cannot be read.
func busy() (d time.Duration) {
	data, _ := os.ReadFile("/proc/stat")
	line, _, _ := strings.Cut(string(data), "\n")
	for i, field := range strings.Fields(line) {
		const name, idle, waiting, guest = 0, 4, 5, 9 // guests are counted as users too
		if i == name || i == idle || i == waiting || i >= guest {
			continue
		}
		n, _ := strconv.Atoi(field)
		d += time.Duration(n) * time.Second / 100 // USER_HZ is 100 on every Linux that Go runs on
	}
	return d
}
