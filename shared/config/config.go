// Package config reads a program's settings: its embedded defaults, then a file, then the environment.
//
// The defaults file lists every key with a comment and is the reference: a key that is not in it does not exist, and naming it, in
// the file or as ANTIRAID_<KEY>, is an error. A key `gateway.token` is the variable ANTIRAID_GATEWAY_TOKEN.
package config

import (
	"bytes"
	"fmt"
	"iter"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
	"github.com/spf13/viper"
)

// prefix of environment variables.
const prefix = "ANTIRAID_"

// everybodys variables may stand in any program's environment, also in that of a program that has no use for them.
var everybodys = []string{prefix + "NATS_URL", prefix + "MONGO_URI", prefix + "HEALTH_ADDR"}

// Load fills into from defaults (YAML), the file (empty: none) and environ (as os.Environ gives it). Its errors name the key or the
// variable, and what would be right.
func Load(defaults []byte, file string, environ []string, into any) error {
	v := viper.New()
	v.SetConfigType("yaml")
	if err := v.ReadConfig(bytes.NewReader(defaults)); err != nil {
		return fmt.Errorf("read the embedded defaults: %w", err)
	}
	keys := v.AllKeys()
	sources := map[string]given{}
	if err := readFile(file, keys, sources); err != nil {
		return err
	}
	if err := readEnvironment(environ, keys, sources); err != nil {
		return err
	}
	for key, source := range sources {
		v.Set(key, source.value)
	}
	if err := v.UnmarshalExact(into, viper.DecodeHook(convert)); err != nil {
		return explain(err, sources)
	}
	return nil
}

// CheckForeign refuses the variables of environ that look like a setting of ours but are none, for a program that reads its own: those
// that begin with its own prefix and those that every program may find are passed over.
func CheckForeign(environ []string, own string) error {
	for _, pair := range environ {
		name, _, _ := strings.Cut(pair, "=")
		if strings.HasPrefix(name, prefix) && !strings.HasPrefix(name, own) && !slices.Contains(everybodys, name) {
			return fmt.Errorf("read the environment: variable %s does not exist; those of this program begin with %s", name, own)
		}
	}
	return nil
}

func readFile(file string, keys []string, sources map[string]given) error {
	if file == "" {
		return nil
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("read the configuration: %w; name a file of settings in YAML, or none for the defaults", err)
	}
	yaml, err := viper.NewCodecRegistry().Decoder("yaml")
	if err != nil {
		return fmt.Errorf("read the configuration in %s: %w", file, err)
	}
	tree := map[string]any{}
	if err := yaml.Decode(data, tree); err != nil {
		return fmt.Errorf("read the configuration in %s: %w", file, err)
	}
	for key, value := range leaves("", tree) {
		if !slices.Contains(keys, key) {
			return fmt.Errorf("read the configuration in %s: key %q does not exist%s", file, key, suggest(key, keys))
		}
		if _, twice := sources[key]; twice {
			return fmt.Errorf("read the configuration in %s: key %q is there twice; keep one of them", file, key)
		}
		sources[key] = given{fmt.Sprintf("%s in %s", key, file), value}
	}
	return nil
}

// leaves goes through the keys that have a value, spelled as they are, with a dot for each level.
func leaves(path string, tree map[string]any) iter.Seq2[string, any] {
	return func(yield func(string, any) bool) {
		for key, value := range tree {
			below, section := value.(map[string]any)
			switch {
			case section:
				for k, v := range leaves(path+key+".", below) {
					if !yield(k, v) {
						return
					}
				}
			case value != nil && !yield(path+key, value):
				return
			}
		}
	}
}

func readEnvironment(environ, keys []string, sources map[string]given) error {
	names := make(map[string]string, len(keys))
	for _, key := range keys {
		names[variable(key)] = key
	}
	for _, pair := range environ {
		name, value, _ := strings.Cut(pair, "=")
		key, known := names[name]
		switch {
		case known:
			sources[key] = given{"variable " + name, value}
		case strings.HasPrefix(name, prefix) && !slices.Contains(everybodys, name):
			return fmt.Errorf("read the environment: variable %s does not exist%s", name, suggest(name, slices.Collect(maps.Keys(names))))
		}
	}
	return nil
}

func variable(key string) string {
	return prefix + strings.ToUpper(strings.ReplaceAll(key, ".", "_"))
}

// suggest names the known word that a misspelt one is close to, or all. What every variable begins with makes none of them closer.
func suggest(word string, known []string) string {
	slices.Sort(known)
	bare := func(s string) string { return strings.ToLower(strings.TrimPrefix(s, prefix)) }
	best, bestCost := "", (len(bare(word))+2)/3
	for _, k := range known {
		if c := levenshtein.ComputeDistance(bare(word), bare(k)); c <= bestCost && (best == "" || c < bestCost) {
			best, bestCost = k, c
		}
	}
	if best != "" {
		return fmt.Sprintf("; did you mean %s?", best)
	}
	return "; known are " + strings.Join(known, ", ")
}
