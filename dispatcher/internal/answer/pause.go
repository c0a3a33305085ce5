package answer

import (
	"context"
	"encoding/json"

	"antiraid/shared/api"
)

// Pause answers an api.PauseRequest with an api.PauseReply.
func (s *Service) Pause(ctx context.Context, data []byte) (any, error) {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	var req api.PauseRequest
	if err := json.Unmarshal(data, &req); err != nil {
		return api.PauseReply{Error: unreadable(err)}, nil
	}
	if err := s.deployer.Pause(ctx, req); err != nil {
		return api.PauseReply{Error: s.explain("pause", err)}, nil
	}
	return api.PauseReply{}, nil
}
