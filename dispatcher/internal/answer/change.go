package answer

import (
	"context"
	"encoding/json"

	"antiraid/shared/api"
)

// Remove answers an api.RemoveRequest with an api.ChangeReply.
func (s *Service) Remove(ctx context.Context, data []byte) (any, error) {
	return change(ctx, s, "remove", data, s.deployer.Remove)
}

// Rollback answers an api.RollbackRequest with an api.ChangeReply.
func (s *Service) Rollback(ctx context.Context, data []byte) (any, error) {
	return change(ctx, s, "rollback", data, s.deployer.Rollback)
}

func change[R any](ctx context.Context, s *Service, call string, data []byte, fn func(context.Context, R) (api.ChangeReply, error)) (any, error) {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	var req R
	if err := json.Unmarshal(data, &req); err != nil {
		return api.ChangeReply{Error: unreadable(err)}, nil
	}
	reply, err := fn(ctx, req)
	if err != nil {
		return api.ChangeReply{Error: s.explain(call, err)}, nil
	}
	return reply, nil
}
