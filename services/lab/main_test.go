package main_test

import (
	"os"
	"testing"

	"antiraid/services/lab/internal/part"
)

// TestMain lets this test's program be the parts that tests start.
func TestMain(m *testing.M) {
	part.Become()
	os.Exit(m.Run())
}
