// Command lab measures AntiRaid and attacks it: on real parts, in real processes, on this machine.
package main

import (
	"antiraid/services/lab/internal/cli"
	"antiraid/services/lab/internal/part"
	"antiraid/shared/service"
)

func main() {
	part.Become() // returns if this process is none
	service.Exec(cli.Main)
}
