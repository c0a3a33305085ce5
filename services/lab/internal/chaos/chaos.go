// Package chaos is the lab's command of that name.
package chaos

import "github.com/spf13/cobra"

// Command is the command.
func Command() *cobra.Command {
	return &cobra.Command{Use: "chaos", Short: "Kill, stop and add processes at random and look for broken guarantees"}
}
