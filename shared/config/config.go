// Package config reads a program's settings: its embedded defaults, then a file, then the environment.
//
// The defaults file lists every key with a comment and is the reference: a key that is not in it does not exist, and naming it, in
// the file or as ANTIRAID_<KEY>, is an error. A key `gateway.token` is the variable ANTIRAID_GATEWAY_TOKEN.
package config

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
	"github.com/go-viper/mapstructure/v2"
	"github.com/spf13/viper"
)

// prefix of environment variables.
const prefix = "ANTIRAID_"

// everybody's keys may stand in any program's environment, also in that of a program that has no use for them.
var everybodys = []string{"ANTIRAID_NATS_URL", "ANTIRAID_MONGO_URI"}

// Load fills into from defaults (YAML), the file (empty: none) and environ (as os.Environ gives it).
func Load(defaults []byte, file string, environ []string, into any) error {
	v := viper.New()
	v.SetConfigType("yaml")
	if err := v.ReadConfig(bytes.NewReader(defaults)); err != nil {
		return fmt.Errorf("read the embedded defaults: %w", err)
	}
	keys := v.AllKeys()
	if err := mergeFile(v, file, keys); err != nil {
		return err
	}
	if err := mergeEnvironment(v, environ, keys); err != nil {
		return err
	}
	hooks := viper.DecodeHook(mapstructure.ComposeDecodeHookFunc(
		mapstructure.StringToTimeDurationHookFunc(), mapstructure.TextUnmarshallerHookFunc(), mapstructure.StringToSliceHookFunc(","),
	))
	if err := v.UnmarshalExact(into, hooks); err != nil {
		return fmt.Errorf("read the configuration: %w", err)
	}
	return nil
}

func mergeFile(v *viper.Viper, file string, keys []string) error {
	if file == "" {
		return nil
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("read the configuration: %w", err)
	}
	own := viper.New()
	own.SetConfigType("yaml")
	if err := own.ReadConfig(bytes.NewReader(data)); err != nil {
		return fmt.Errorf("read the configuration in %s: %w", file, err)
	}
	for _, key := range own.AllKeys() {
		if !slices.Contains(keys, key) {
			return fmt.Errorf("read the configuration in %s: key %q does not exist%s", file, key, suggest(key, keys))
		}
		v.Set(key, own.Get(key))
	}
	return nil
}

func mergeEnvironment(v *viper.Viper, environ, keys []string) error {
	names := make(map[string]string, len(keys))
	for _, key := range keys {
		names[variable(key)] = key
	}
	for _, pair := range environ {
		name, value, _ := strings.Cut(pair, "=")
		key, known := names[name]
		switch {
		case known:
			v.Set(key, value)
		case strings.HasPrefix(name, prefix) && !slices.Contains(everybodys, name):
			all := make([]string, 0, len(names))
			for n := range names {
				all = append(all, n)
			}
			return fmt.Errorf("read the environment: variable %s does not exist%s", name, suggest(name, all))
		}
	}
	return nil
}

func variable(key string) string {
	return prefix + strings.ToUpper(strings.ReplaceAll(key, ".", "_"))
}

// suggest names the known word that shares the most with a misspelt one, or all.
func suggest(word string, known []string) string {
	slices.Sort(known)
	best, bestCost := "", len(word)/2+1
	for _, k := range known {
		if c := levenshtein.ComputeDistance(word, k); c < bestCost {
			best, bestCost = k, c
		}
	}
	if best != "" {
		return fmt.Sprintf("; did you mean %s?", best)
	}
	return "; known are " + strings.Join(known, ", ")
}
