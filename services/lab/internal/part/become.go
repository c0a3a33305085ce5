// Package part starts parts of the system as processes of their own, so that they can be killed, stopped and measured.
//
// A part is this program, started again with the part's name in the environment: what is measured is what was built, and nothing has to be
// installed. See [Start] and [Become].
package part

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"os"
	"strconv"

	"antiraid/dispatcher"
	"antiraid/executor"
	"antiraid/services/rest"
	"antiraid/shared/ferret"
	"antiraid/shared/natsd"
	"antiraid/shared/service"
)

// The parts.
const (
	NATS       = "nats"
	MongoDB    = "mongodb"
	Dispatcher = "dispatcher"
	Executor   = "executor"
	REST       = "rest"
)

// variable names the part that a process is.
const variable = "LAB_PART"

// Become is the part that the environment names, to its end; it returns at once in a process that is none.
func Become() {
	switch os.Getenv(variable) {
	case NATS:
		service.Main(service.Program[serverConfig]{Name: NATS, Defaults: []byte(serverDefaults), Run: serveNATS})
	case MongoDB:
		service.Main(service.Program[serverConfig]{Name: MongoDB, Defaults: []byte(serverDefaults), Run: serveMongoDB})
	case Dispatcher:
		service.Main(service.Program[dispatcher.Config]{Name: Dispatcher, Defaults: dispatcher.Defaults, Run: dispatcher.Run})
	case Executor:
		service.Main(service.Program[executor.Config]{Name: Executor, Defaults: executor.Defaults, Run: executor.Supervise})
	case REST:
		service.Main(service.Program[rest.Config]{Name: REST, Defaults: rest.Defaults, Run: rest.Run})
	}
}

// serverDefaults are the settings of the parts that are servers of others' making.
const serverDefaults = `
nats_url: ""
replicas: 1
health_addr: ""
log_level: warn
dir: ""  # where the server keeps its files
port: 0  # of 127.0.0.1
`

type serverConfig struct {
	service.Common `mapstructure:",squash"`

	Dir  string `mapstructure:"dir"`
	Port int    `mapstructure:"port"`
}

// Validate refuses settings that cannot work.
func (c serverConfig) Validate() error {
	if c.Dir == "" || c.Port <= 0 {
		return errors.New("check settings: dir and port of the server are missing")
	}
	return nil
}

func serveNATS(ctx context.Context, cfg serverConfig, log *slog.Logger) error {
	s, err := natsd.Start(cfg.Dir, cfg.Port, log)
	if err != nil {
		return err
	}
	defer s.Close()
	<-ctx.Done()
	return nil
}

// serveMongoDB is FerretDB, as on a laptop.
func serveMongoDB(ctx context.Context, cfg serverConfig, log *slog.Logger) error {
	s, err := ferret.Start(cfg.Dir, net.JoinHostPort("127.0.0.1", strconv.Itoa(cfg.Port)), log)
	if err != nil {
		return err
	}
	defer s.Close()
	<-ctx.Done()
	return nil
}
