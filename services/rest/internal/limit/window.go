package limit

import "time"

// window counts over the last 10 min, in minutes: the oldest minute falls out as a whole, up to a minute late.
type window struct {
	counts  [11]int
	minutes [11]int64 // which minute each count is of
}

func (w *window) add(now time.Time) {
	m := now.Unix() / 60
	i := m % int64(len(w.counts))
	if w.minutes[i] != m {
		w.minutes[i], w.counts[i] = m, 0
	}
	w.counts[i]++
}

func (w *window) count(now time.Time) (n int) {
	oldest := now.Unix()/60 - int64(len(w.counts))
	for i, m := range w.minutes {
		if m > oldest {
			n += w.counts[i]
		}
	}
	return n
}

// eases is when the oldest minute that counts falls out.
func (w *window) eases(now time.Time) time.Time {
	oldest, first := now.Unix()/60-int64(len(w.counts)), now.Unix()/60
	for i, m := range w.minutes {
		if m > oldest && w.counts[i] > 0 {
			first = min(first, m)
		}
	}
	return time.Unix((first+int64(len(w.counts)))*60, 0)
}
