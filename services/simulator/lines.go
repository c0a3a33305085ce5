package simulator

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"

	"antiraid/services/simulator/internal/journal"
)

// serveLines writes a journal as JSON lines: what is kept, and with ?follow=1 what is still to come; from entry number ?from on.
func serveLines[T any](w http.ResponseWriter, r *http.Request, j *journal.Journal[T]) {
	q := r.URL.Query()
	from := 0
	if text := q.Get("from"); text != "" {
		var err error
		if from, err = strconv.Atoi(text); err != nil || from < 0 {
			http.Error(w, fmt.Sprintf("from %q: want a number", text), http.StatusBadRequest)
			return
		}
	}
	w.Header().Set("Content-Type", "application/x-ndjson")
	out := json.NewEncoder(w)
	if follow, _ := strconv.ParseBool(q.Get("follow")); !follow {
		for _, e := range j.From(from) {
			out.Encode(e)
		}
		return
	}
	flush := http.NewResponseController(w)
	flush.Flush()
	for e := range j.Follow(r.Context(), from) {
		if out.Encode(e) != nil || flush.Flush() != nil {
			return
		}
	}
}
