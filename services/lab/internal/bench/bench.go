// Package bench is the lab's command of that name.
package bench

import "github.com/spf13/cobra"

// Command is the command.
func Command() *cobra.Command {
	return &cobra.Command{Use: "bench", Short: "Measure speed, latency and cost"}
}
