package torture

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"antiraid/shared/bundle"
)

// maxContent is the dispatcher's bound for a revision once it is encoded: it must fit into one message.
const maxContent = 960 << 10

// script is one file of the corpus.
type script struct {
	file    string
	source  string
	refused string // why it is no template and cannot be sent; empty: it can
}

// list names the scripts of a folder, in order. Its errors are those of whoever named the folder.
func list(dir string) (files []string, err error) {
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("read the scripts of %s: there is no such folder; name one with templates, such as services/lab/testdata/hostile", dir)
	case errors.Is(err, syscall.ENOTDIR):
		return nil, fmt.Errorf("read the scripts of %s: it is not a folder; name the one that it is in", dir)
	case err != nil:
		return nil, fmt.Errorf("read the scripts: %w", err)
	}
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".lua") {
			files = append(files, e.Name())
		}
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("read the scripts of %s: there is no .lua file; name a folder with templates, such as services/lab/testdata/hostile", dir)
	}
	return files, nil
}

// corpus reads every script of a folder, by name. One that cannot be read, or that a deploy refuses unseen, is a result like others.
func corpus(dir string) ([]script, error) {
	files, err := list(dir)
	if err != nil {
		return nil, err
	}
	scripts := make([]script, len(files))
	for i, file := range files {
		source, err := source(filepath.Join(dir, file))
		if err == nil {
			err = check(source)
		}
		scripts[i] = script{file: file, source: source}
		if err != nil {
			scripts[i] = script{file: file, refused: err.Error()}
		}
	}
	return scripts, nil
}

// source reads a file. Reading what is no plain file might never end.
func source(path string) (string, error) {
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("read %s: it is no plain file", path)
	}
	if err != nil {
		return "", err
	}
	data, err := os.ReadFile(path)
	return string(data), err
}

// check is what the dispatcher looks at before a template is loaded.
func check(source string) error {
	files := bundle.Revision{bundle.Entry: source}
	if err := files.Check(); err != nil {
		return err
	}
	content, _, err := files.Encode()
	if err == nil && len(content) > maxContent {
		err = fmt.Errorf("check template: %d bytes once it is encoded as JSON, at most %d are allowed", len(content), maxContent)
	}
	return err
}
