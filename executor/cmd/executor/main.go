// Command executor runs templates for the events of its share of tenants.
package main

import (
	"antiraid/executor"
	"antiraid/shared/service"
)

func main() {
	service.Main(service.Program[executor.Config]{
		Name:     "executor",
		About:    "Executor runs templates for events. Start as many as you like, stop any at any time: they share the tenants out among themselves.",
		Defaults: executor.Defaults,
		Run:      executor.Supervise,
	})
}
