// Package torture is the lab's command of that name.
package torture

import "github.com/spf13/cobra"

// Command is the command.
func Command() *cobra.Command {
	return &cobra.Command{Use: "torture", Short: "Run hostile templates beside well-behaved ones and look for harm"}
}
