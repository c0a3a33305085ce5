package dispatcher_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"antiraid/dispatcher"
	"antiraid/dispatcher/internal/deploytest"
	"antiraid/shared/api"
	"antiraid/shared/config"
	"antiraid/shared/ferret"
	"antiraid/shared/natstest"
	"antiraid/shared/service"
	"antiraid/shared/storetest"
	"antiraid/shared/subject"
)

// surroundings are those of [deploytest.Start] without anybody who answers inspect.
func surroundings(t *testing.T, mongo string) deploytest.Surroundings {
	s := deploytest.Surroundings{NATS: natstest.Start(t), Mongo: mongo}
	s.Bus = natstest.Connect(t, s.NATS)
	return s
}

func TestADeployUnderWayIsFinishedWhenTheDispatcherStops(t *testing.T) {
	s, g := surroundings(t, storetest.Start(t)), guild(t, 7)
	inspecting, goOn := make(chan struct{}), make(chan struct{})
	s.Serve(t, subject.CallInspect, func(context.Context, []byte) (any, error) {
		close(inspecting)
		<-goOn
		return api.InspectReply{}, nil
	})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- dispatcher.Run(ctx, dispatcher.Config{Common: service.Common{NATSURL: s.NATS}, MongoURI: config.NewSecret(s.Mongo)}, storetest.Log(t))
	}()
	replies := make(chan api.DeployReply, 1)
	go func() { replies <- call[api.DeployReply](t, s, subject.CallDeploy, request(t, g, "a", "1")) }()
	<-inspecting
	stop()
	close(goOn)
	if err := <-ended; err != nil {
		t.Errorf("the dispatcher ended with %v", err)
	}
	if r := <-replies; r.Error != nil || r.Version != 1 {
		t.Errorf("the deploy was answered with %+v, %v", r, r.Error)
	}
}

func TestTheDispatcherOutlivesMongoDBsRestart(t *testing.T) {
	dir, g := t.TempDir(), guild(t, 7)
	first, err := ferret.Start(dir, "127.0.0.1:0", storetest.Log(t))
	if err != nil {
		t.Fatal(err)
	}
	s := surroundings(t, first.URI())
	s.Serve(t, subject.CallInspect, func(context.Context, []byte) (any, error) { return api.InspectReply{}, nil })
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	cfg := dispatcher.Config{Common: service.Common{NATSURL: s.NATS}, MongoURI: config.NewSecret(s.Mongo), DeployTimeout: time.Second}
	ended := make(chan error, 1)
	go func() { ended <- dispatcher.Run(ctx, cfg, storetest.Log(t)) }()
	if r := call[api.DeployReply](t, s, subject.CallDeploy, request(t, g, "a", "1")); r.Error != nil {
		t.Fatal(r.Error)
	}
	first.Close()
	r := call[api.DeployReply](t, s, subject.CallDeploy, request(t, g, "a", "2"))
	if r.Error == nil || r.Error.Code != api.Unavailable || !strings.Contains(r.Error.Message, "MongoDB at "+s.Mongo+" does not answer") {
		t.Errorf("without MongoDB: %+v", r.Error)
	}
	second, err := ferret.Start(dir, strings.Trim(strings.TrimPrefix(first.URI(), "mongodb:"), "/"), storetest.Log(t))
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	for r.Error != nil && r.Error.Code == api.Unavailable { // until the driver has found it again
		r = call[api.DeployReply](t, s, subject.CallDeploy, request(t, g, "a", "3"))
	}
	if r.Error != nil || r.Version != 2 {
		t.Errorf("after the restart: version %d, %v", r.Version, r.Error)
	}
	stop()
	if err := <-ended; err != nil {
		t.Errorf("the dispatcher ended with %v", err)
	}
}
