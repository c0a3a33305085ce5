// Package bench is the commands that measure.
package bench

import (
	"github.com/spf13/cobra"

	"antiraid/services/lab/internal/deploybench"
	"antiraid/services/lab/internal/fairness"
	"antiraid/services/lab/internal/pipeline"
	"antiraid/services/lab/internal/script"
)

// Command is `lab bench` with a command for each measurement.
func Command() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "bench",
		Short: "Measure speed, latency and cost",
		Long: `Bench measures one thing per command, beside its own yardstick in the same run: the figures to compare are the ratios.

What is measured runs in processes of its own. docs/performance.md tells the method and what was found.`,
		Args: cobra.NoArgs,
		Run:  func(cmd *cobra.Command, _ []string) { _ = cmd.Help() },
	}
	cmd.AddCommand(pipeline.Command(), pipeline.Publisher(), script.Command())
	cmd.AddCommand(fairness.Command(), deploybench.Command())
	return cmd
}
