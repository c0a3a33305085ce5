// Package rest is Discord's HTTP API, versions 9 and 10: routes, forms, refusals, rate limits, and faults on demand.
//
// Source: https://discord.com/developers/docs/reference and Discord's OpenAPI description, which every answer keeps to. Everything that
// is received ends up in the journal.
package rest

import (
	"net/http"
	"time"

	"antiraid/services/simulator/internal/account"
	"antiraid/services/simulator/internal/gateway"
	"antiraid/services/simulator/internal/journal"
	"antiraid/services/simulator/internal/limit"
	"antiraid/services/simulator/internal/world"
)

// Config sets the API's limits. All fields but Unlimited are required.
type Config struct {
	GlobalPerSecond int  // requests of the bot, answers to interactions excepted
	InvalidLimit    int  // of 401, 403 and 429 in 10 minutes; then the address is blocked
	Unlimited       bool // no rate limits at all
	Privileged      gateway.Intents
	JournalSize     int
	Now             func() time.Time
}

// API is an [http.Handler] for paths below /api/v10 and /api/v9.
type API struct {
	cfg     Config
	world   *world.World
	account *account.Account
	gateway *gateway.Gateway
	limits  *limit.Limiter
	faults  faults
	journal *journal.Journal[Request]
	mux     *http.ServeMux
	routes  *http.ServeMux // below the version
}

// New makes the API of a world.
func New(cfg Config, w *world.World, a *account.Account, g *gateway.Gateway) *API {
	api := &API{
		cfg: cfg, world: w, account: a, gateway: g, limits: limit.New(cfg.Now),
		journal: journal.New[Request](cfg.JournalSize), mux: http.NewServeMux(), routes: http.NewServeMux(),
	}
	for _, r := range routes() {
		api.routes.HandleFunc(r.method+" "+r.path, func(w http.ResponseWriter, req *http.Request) { api.serve(w, req, r) })
	}
	api.routes.HandleFunc("/", func(w http.ResponseWriter, req *http.Request) { api.serve(w, req, unknown()) })
	for _, version := range []string{"/api/v10", "/api/v9"} {
		api.mux.Handle(version+"/", http.StripPrefix(version, api.routes))
	}
	api.mux.HandleFunc("/", func(w http.ResponseWriter, req *http.Request) { api.serve(w, req, badVersion()) })
	return api
}

// ServeHTTP answers a request.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.mux.ServeHTTP(w, r) }

// Journal is what was received.
func (a *API) Journal() *journal.Journal[Request] { return a.journal }
