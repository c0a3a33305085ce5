// Command rest performs at Discord what templates ask for.
package main

import (
	"antiraid/services/rest"
	"antiraid/shared/service"
)

func main() {
	service.Main(service.Program[rest.Config]{
		Name:     "rest",
		About:    "Rest performs at Discord what templates ask for: each effect once, in order, within Discord's rate limits.",
		Defaults: rest.Defaults,
		Run:      rest.Run,
	})
}
