package deploy

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"antiraid/shared/api"
	"antiraid/shared/bundle"
	"antiraid/shared/bus"
	"antiraid/shared/run"
	"antiraid/shared/subject"
)

// maxDeclared is how many event types, and how many capabilities, a template may declare: all of a tenant's fit into one record.
const maxDeclared = 128

// inspect asks an executor what the template declares when it is loaded within the tenant's limits. The dispatcher itself never runs Lua.
//
// A template may not take longer than the executor may take to answer, also when it is made to wait for others: its author then hears of the
// budget, not of an executor that does not answer.
func (d *Deployer) inspect(ctx context.Context, req api.DeployRequest, limits run.Limits) (api.InspectReply, error) {
	limits = limits.Or(run.DefaultLimits())
	limits.Wall = min(limits.Wall, d.cfg.Inspect*9/10/(1+run.Excusable))
	ctx, cancel := context.WithTimeout(ctx, d.cfg.Inspect)
	defer cancel()
	var reply api.InspectReply
	err := d.executors.Call(ctx, subject.CallInspect, api.InspectRequest{Template: req.Template, Files: req.Files, Limits: limits}, &reply)
	switch {
	case errors.Is(err, bus.ErrNobody):
		return api.InspectReply{}, refuse(api.Unavailable, "no executor is there to look at the template; start one and deploy again")
	case errors.Is(err, context.DeadlineExceeded):
		return api.InspectReply{}, refuse(api.Unavailable, "no executor answered within %s; deploy again", d.cfg.Inspect)
	case err != nil:
		return api.InspectReply{}, fmt.Errorf("inspect: %w", err)
	case reply.Failure != nil:
		return api.InspectReply{}, fault(reply.Failure)
	}
	return normalize(reply, req.Files)
}

// normalize brings what a template declares into the form of a bundle.
func normalize(reply api.InspectReply, files bundle.Revision) (api.InspectReply, error) {
	events, capabilities := sorted(reply.Events), sorted(reply.Capabilities)
	for _, typ := range events {
		if err := subject.CheckType(typ); err != nil {
			return reply, fault(&run.Failure{Message: "events: " + err.Error(), File: bundle.Entry})
		}
	}
	for _, c := range capabilities {
		if err := bundle.KnownCapability(c); err != nil {
			line, source := lineOf(files, c)
			return reply, fault(&run.Failure{Message: "capabilities: " + err.Error(), File: bundle.Entry, Line: line, Source: source})
		}
	}
	if most := max(len(events), len(capabilities)); most > maxDeclared {
		return reply, fault(&run.Failure{Message: fmt.Sprintf("%d events or capabilities are declared, at most %d of each are allowed", most, maxDeclared), File: bundle.Entry})
	}
	return api.InspectReply{Events: events, Capabilities: capabilities}, nil
}

// sorted is a copy in order, without repetitions, and never nil.
func sorted(list []string) []string {
	list = append([]string{}, list...)
	slices.Sort(list)
	return slices.Compact(list)
}

// fault tells an author what is wrong with the template, and where.
func fault(f *run.Failure) *api.Error {
	return &api.Error{Code: api.Script, Message: f.String() + "; correct the template and deploy again", Failure: f}
}
