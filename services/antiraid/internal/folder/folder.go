// Package folder reads a template from a folder: its .lua files, whose size is checked before they are read.
package folder

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"antiraid/shared/bundle"
)

// Read reads every .lua file in dir and below it. Other files are left out, and their names returned; what begins with a dot is left out
// without a word. The error names the file and the remedy.
func Read(dir string) (files bundle.Revision, left []string, err error) {
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil, fmt.Errorf("read template %s: no such folder; name the folder that has the template's %s", dir, bundle.Entry)
	case err != nil:
		return nil, nil, fmt.Errorf("read template: %w", err)
	case !info.IsDir():
		return nil, nil, fmt.Errorf("read template %s: it is a file; name the folder that has the template's %s", dir, bundle.Entry)
	}
	return FS(os.DirFS(dir), dir)
}

// FS is [Read] from a file system; name is what errors call it.
func FS(fsys fs.FS, name string) (files bundle.Revision, left []string, err error) {
	files = bundle.Revision{}
	err = fs.WalkDir(fsys, ".", func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case p != "." && strings.HasPrefix(path.Base(p), "."):
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case d.IsDir():
			return nil
		case !strings.HasSuffix(p, ".lua") || !d.Type().IsRegular():
			left = append(left, p)
			return nil
		}
		return add(fsys, files, p, d)
	})
	if err == nil && slices.Contains(left, bundle.Entry) {
		err = fmt.Errorf("check template: %s is no plain file; links are not followed, so put the file itself there", bundle.Entry)
	}
	if err == nil {
		err = files.Check()
	}
	if err != nil {
		return nil, nil, fmt.Errorf("read template %s: %w", name, err)
	}
	return files, left, nil
}

// add reads one file, unless reading it would take more memory than a template may have.
func add(fsys fs.FS, files bundle.Revision, p string, d fs.DirEntry) error {
	info, err := d.Info()
	if err != nil {
		return err
	}
	if info.Size() > bundle.MaxFileBytes {
		return fmt.Errorf("check file %s: %d bytes, at most %d are allowed; split it", p, info.Size(), bundle.MaxFileBytes)
	}
	if len(files) >= bundle.MaxFiles {
		return fmt.Errorf("check template: more than %d .lua files; leave out what is not needed", bundle.MaxFiles)
	}
	data, err := fs.ReadFile(fsys, p)
	if err != nil {
		return err
	}
	files[p] = string(data)
	return nil
}
