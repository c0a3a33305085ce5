// Command dispatcher turns deploys into bundle versions and brings them to the executors.
package main

import (
	"antiraid/dispatcher"
	"antiraid/shared/service"
)

func main() {
	service.Main(service.Program[dispatcher.Config]{
		Name:     "dispatcher",
		About:    "Dispatcher turns deploys of templates into versions of a tenant's bundle, keeps them in MongoDB and brings them to the executors.",
		Defaults: dispatcher.Defaults,
		Run:      dispatcher.Run,
	})
}
