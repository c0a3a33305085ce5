package answer

import (
	"context"
	"encoding/json"

	"antiraid/shared/api"
)

// Limits answers an api.LimitsRequest with an api.LimitsReply.
func (s *Service) Limits(ctx context.Context, data []byte) (any, error) {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	var req api.LimitsRequest
	if err := json.Unmarshal(data, &req); err != nil {
		return api.LimitsReply{Error: unreadable(err)}, nil
	}
	reply, err := s.deployer.Limits(ctx, req)
	if err != nil {
		return api.LimitsReply{Error: s.explain("limits", err)}, nil
	}
	return reply, nil
}
