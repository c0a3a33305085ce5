// Command antiraid is what people type: it runs the whole system on one machine, and talks to a running one.
package main

import (
	"os"

	"antiraid/services/antiraid/internal/cli"
	"antiraid/shared/service"
)

func main() { service.Exec(cli.CalledAs(os.Args[0])) }
