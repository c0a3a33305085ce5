package sandbox_test

import (
	"testing"

	"antiraid/executor/scriptbench"
)

// BenchmarkRun runs a typical template in every way; `lab bench script` compares them in one go.
func BenchmarkRun(b *testing.B) {
	for _, way := range scriptbench.Ways() {
		b.Run(way.Name, func(b *testing.B) {
			once, err := way.Start()
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if err := once(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
