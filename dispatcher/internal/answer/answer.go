// Package answer serves the dispatcher's calls: deploy, remove, rollback, pause, limits and templates. It owns their subjects, api.dispatcher.*.
//
// A call is answered to its end even when the process was told to stop. Refusals go to the caller only; faults of the system are logged as well.
package answer

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"time"

	"antiraid/dispatcher/internal/deploy"
	"antiraid/shared/api"
	"antiraid/shared/store"
)

// Service answers.
type Service struct {
	deployer *deploy.Deployer
	store    *store.Store
	log      *slog.Logger
	timeout  time.Duration
}

// New makes a service. timeout bounds one call.
func New(d *deploy.Deployer, s *store.Store, timeout time.Duration, log *slog.Logger) *Service {
	return &Service{d, s, log, timeout}
}

// Deploy answers an api.DeployRequest with an api.DeployReply.
func (s *Service) Deploy(ctx context.Context, data []byte) (any, error) {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	var req api.DeployRequest
	if err := json.Unmarshal(data, &req); err != nil {
		return api.DeployReply{Error: unreadable(err)}, nil
	}
	reply, err := s.deployer.Deploy(ctx, req)
	if err != nil {
		return api.DeployReply{Tenant: req.Tenant, Template: req.Template, Error: s.explain("deploy", err)}, nil
	}
	return reply, nil
}

// bound keeps a call going when the process is told to stop, for as long as a call may take.
func (s *Service) bound(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), s.timeout)
}

func unreadable(err error) *api.Error {
	return &api.Error{Code: api.Invalid, Message: "read the request: " + err.Error()}
}

// explain tells the caller what ended the call, with everything that was said on the way up.
func (s *Service) explain(call string, err error) *api.Error {
	var refused *api.Error
	if errors.As(err, &refused) {
		told := *refused
		told.Message = err.Error()
		return &told
	}
	s.log.Error("call failed", "call", call, "err", err)
	return &api.Error{Code: api.Unavailable, Message: err.Error() + "; look at what is deployed, then try again"}
}
