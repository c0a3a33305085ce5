package answer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"antiraid/shared/api"
	"antiraid/shared/bundle"
	"antiraid/shared/store"
	"antiraid/shared/tenant"
)

// Bounds of one page: tenants looked at, and bytes, so that it fits into a message.
const (
	pageTenants = 200
	pageBytes   = 256 << 10
)

// Templates answers an api.TemplatesRequest with an api.TemplatesReply.
func (s *Service) Templates(ctx context.Context, data []byte) (any, error) {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	var req api.TemplatesRequest
	if err := json.Unmarshal(data, &req); err != nil {
		return api.TemplatesReply{Error: unreadable(err)}, nil
	}
	var reply api.TemplatesReply
	var err error
	if req.Tenant.IsZero() {
		reply, err = s.page(ctx, req.After)
	} else {
		reply, err = s.one(ctx, req)
	}
	if err != nil {
		return api.TemplatesReply{Error: s.explain("templates", fmt.Errorf("list templates: %w", err))}, nil
	}
	return reply, nil
}

func (s *Service) one(ctx context.Context, req api.TemplatesRequest) (api.TemplatesReply, error) {
	head, err := s.store.Head(ctx, req.Tenant)
	if errors.Is(err, store.ErrNotFound) || err == nil && head.Bundle.Version == 0 {
		return api.TemplatesReply{}, &api.Error{Code: api.NotFound, Message: fmt.Sprintf("tenant %s has no templates; deploy one to it first", req.Tenant)}
	}
	if err != nil {
		return api.TemplatesReply{}, err
	}
	b := head.Bundle
	if req.Template != "" {
		b.Templates = slices.DeleteFunc(slices.Clone(b.Templates), func(t bundle.Template) bool { return t.Name != req.Template })
		if len(b.Templates) == 0 {
			return api.TemplatesReply{}, &api.Error{Code: api.NotFound, Message: fmt.Sprintf("tenant %s has no template %q; it has %s", req.Tenant, req.Template, names(head.Bundle))}
		}
	}
	return api.TemplatesReply{Bundles: []bundle.Bundle{b}}, nil
}

func names(b bundle.Bundle) string {
	text := ""
	for i, t := range b.Templates {
		if i > 0 {
			text += ", "
		}
		text += t.Name
	}
	return text
}

func (s *Service) page(ctx context.Context, after tenant.ID) (api.TemplatesReply, error) {
	list, err := s.store.Tenants(ctx, after, pageTenants)
	if err != nil {
		return api.TemplatesReply{}, err
	}
	reply, size := api.TemplatesReply{Bundles: []bundle.Bundle{}}, 0
	for _, t := range list {
		head, err := s.store.Head(ctx, t)
		if err != nil {
			return api.TemplatesReply{}, err
		}
		after = t
		if head.Bundle.Version == 0 {
			continue
		}
		data, err := json.Marshal(head.Bundle)
		if err != nil {
			return api.TemplatesReply{}, err
		}
		reply.Bundles = append(reply.Bundles, head.Bundle)
		if size += len(data); size > pageBytes {
			break
		}
	}
	if len(list) > 0 && (after != list[len(list)-1] || len(list) == pageTenants) {
		reply.Next = after
	}
	return reply, nil
}
