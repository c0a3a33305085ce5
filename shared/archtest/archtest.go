// Package archtest holds a module to its table of who may import what: the arrows of the architecture, as a test.
package archtest

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Rule says who may import a path or anything below it.
type Rule struct {
	Path string
	By   []string // folders of the module; none: nobody
	Why  string
}

// Check reports every import of the module against a rule. Tests may import what any folder of the module may, and what tests lists.
func Check(t *testing.T, rules []Rule, tests ...string) {
	t.Helper()
	Walk(t, func(file, imported string) { check(t, rules, tests, file, imported) })
}

// Walk gives every import of every file below the working directory, which in a module's tests is its root, to fn. Files are read, nothing
// is built.
func Walk(t *testing.T, fn func(file, imported string)) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") {
			return err
		}
		files++
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, i := range f.Imports {
			imported, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				return err
			}
			fn(filepath.ToSlash(path), imported)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files == 0 {
		t.Fatal("no Go file was found: run from the module's root")
	}
}

func check(t *testing.T, rules []Rule, tests []string, path, name string) {
	t.Helper()
	folder := filepath.ToSlash(filepath.Dir(path))
	inTest := strings.HasSuffix(path, "_test.go")
	for _, r := range rules {
		if !within(name, r.Path) || slices.Contains(r.By, folder) || inTest && (len(r.By) > 0 || slices.Contains(tests, r.Path)) {
			continue
		}
		t.Errorf("%s imports %s: %s", path, name, r.Why)
	}
}

func within(name, path string) bool { return name == path || strings.HasPrefix(name, path+"/") }
