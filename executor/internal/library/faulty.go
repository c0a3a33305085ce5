//go:build faulty

package library

import (
	"context"
	"encoding/json"
	"os"

	"antiraid/executor/internal/sandbox"
)

// Run gives the template four keys that break its process when they are read. No script can do any of this through the sandbox, so that
// the tests of expendable workers need a program that lets it: it is built with the tag faulty and is never shipped.
func (vm *VM) Run(ctx context.Context, in sandbox.Input) sandbox.Result {
	in.Host = faulty{in.Host}
	return vm.VM.Run(ctx, in)
}

type faulty struct{ sandbox.Host }

func (f faulty) Get(ctx context.Context, key string) (json.RawMessage, error) {
	if broken := faults[key]; broken != nil {
		broken()
	}
	return f.Host.Get(ctx, key)
}

var faults = map[string]func(){
	"faulty/spin":  spin,
	"faulty/eat":   eat,
	"faulty/die":   func() { os.Exit(3) },
	"faulty/panic": func() { panic("a fault of ours") },
}

// spin is not ended by anything but the end of its process.
func spin() {
	for {
	}
}

func eat() {
	var eaten [][]byte
	for {
		eaten = append(eaten, touched(16<<20))
	}
}

// touched is memory that the operating system had to find.
func touched(size int) []byte {
	b := make([]byte, size)
	for i := 0; i < size; i += 4096 {
		b[i] = 1
	}
	return b
}
