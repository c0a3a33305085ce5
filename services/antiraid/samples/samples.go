// Package samples is the templates that `antiraid up` deploys, and what they do in its sample server.
package samples

import (
	"embed"
	"io/fs"

	"antiraid/services/antiraid/internal/folder"
	"antiraid/shared/bundle"
)

//go:embed */*.lua
var files embed.FS

// Template is one sample.
type Template struct {
	Name  string
	About string // what it does, in some words
	User  bool   // belongs to a user who installed the app, not to a server
}

// All is every sample.
func All() []Template {
	return []Template{
		{"welcome", "greets who joins, counts for who asks", false},
		{"raidguard", "marks newcomers, warns and bans", false},
		{"remind", "keeps notes for a user who installed the app", true},
	}
}

// Files is the content of a sample.
func (t Template) Files() (bundle.Revision, error) {
	dir, err := fs.Sub(files, t.Name)
	if err != nil {
		return nil, err
	}
	revision, _, err := folder.FS(dir, t.Name)
	return revision, err
}
