package executor

import (
	"crypto/rand"
	_ "embed"
	"fmt"
	"os"
	"runtime"
	"time"

	"antiraid/executor/internal/blame"
	"antiraid/executor/internal/workbench"
	"antiraid/shared/service"
)

// Defaults lists every setting; see package config.
//
//go:embed defaults.yaml
var Defaults []byte

// Config is the executor's settings; defaults.yaml says what each means. Zero values get its defaults, but for the addresses.
type Config struct {
	service.Common `mapstructure:",squash"`

	Name  string        `mapstructure:"name"`
	Drain time.Duration `mapstructure:"drain"`

	Workers      int    `mapstructure:"workers"`
	WorkerMemory int64  `mapstructure:"worker_memory"`
	Worker       string `mapstructure:"worker"`

	Runs        int   `mapstructure:"runs"`
	LaneDepth   int   `mapstructure:"lane_depth"`
	ParkedLanes int   `mapstructure:"parked_lanes"`
	LaneBytes   int64 `mapstructure:"lane_bytes"`

	BundleCache  int   `mapstructure:"bundle_cache"`
	ProgramCache int   `mapstructure:"program_cache"`
	VMBytes      int64 `mapstructure:"vm_bytes"`
}

func (c Config) withDefaults() Config {
	if c.Name == "" {
		host, _ := os.Hostname()
		c.Name = fmt.Sprintf("%.32s.%s", host, rand.Text()[:8])
	}
	orDefault(&c.Drain, 5*time.Second)
	orDefault(&c.Workers, runtime.NumCPU())
	orDefault(&c.WorkerMemory, 1<<30)
	orDefault(&c.Runs, 64)
	orDefault(&c.LaneDepth, 128)
	orDefault(&c.ParkedLanes, 256)
	orDefault(&c.LaneBytes, 64<<20)
	orDefault(&c.BundleCache, 10_000)
	orDefault(&c.ProgramCache, 2000)
	orDefault(&c.VMBytes, 256<<20)
	return c
}

func orDefault[T comparable](v *T, d T) {
	var zero T
	if *v == zero {
		*v = d
	}
}

// Validate refuses settings that cannot work; the error names the key.
func (c Config) Validate() error {
	for key, n := range map[string]int64{
		"workers": int64(c.Workers), "runs": int64(c.Runs), "lane_depth": int64(c.LaneDepth), "parked_lanes": int64(c.ParkedLanes), "lane_bytes": c.LaneBytes,
		"bundle_cache": int64(c.BundleCache), "program_cache": int64(c.ProgramCache), "vm_bytes": c.VMBytes, "drain": int64(c.Drain),
	} {
		if n < 0 {
			return fmt.Errorf("check settings: %s is below 0; want a number above 0", key)
		}
	}
	if c.LaneBytes > 0 && c.LaneBytes < 2<<20 {
		return fmt.Errorf("check settings: lane_bytes is %d; want at least 2097152, room for the largest events", c.LaneBytes)
	}
	if c.WorkerMemory != 0 && c.WorkerMemory < 256<<20 {
		return fmt.Errorf("check settings: worker_memory is %d; want at least 268435456", c.WorkerMemory)
	}
	if most := blame.Slots - workbench.Calls; c.Runs > most {
		return fmt.Errorf("check settings: runs is %d; want at most %d", c.Runs, most)
	}
	if len(c.Name) > 64 {
		return fmt.Errorf("check settings: name has %d bytes; want at most 64", len(c.Name))
	}
	return nil
}
