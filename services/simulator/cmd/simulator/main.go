// Command simulator runs a Discord to develop and test against.
package main

import "antiraid/shared/service"

func main() { service.Exec(run) }
