package cli

import (
	"fmt"
	"runtime"

	"github.com/spf13/cobra"

	"antiraid/shared/service"
)

func (a *app) version() *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Print the version of this program",
		Example: "  antiraid version",
		Args:    noArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintf(a.out, "antiraid %s (%s, %s/%s)\n", service.Version(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return err
		},
	}
}
