package folder_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"antiraid/services/antiraid/internal/folder"
)

func TestOnlyLuaFilesBelongToATemplate(t *testing.T) {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	files, left, err := folder.FS(fstest.MapFS{
		"init.lua": file("return {}"), "lib/a.lua": file("return 1"), "README.md": file("x"), ".git/config": file("x"), ".hidden.lua": file("x"), "lib/b.txt": file("x"),
	}, "t")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != 2 || files["lib/a.lua"] != "return 1" {
		t.Errorf("read %v", files)
	}
	if slices.Sort(left); !slices.Equal(left, []string{"README.md", "lib/b.txt"}) {
		t.Errorf("left out %v", left)
	}
}

func TestALinkOutOfTheFolderIsNotFollowed(t *testing.T) {
	outside, dir := filepath.Join(t.TempDir(), "secret.lua"), t.TempDir()
	for name, text := range map[string]string{outside: "return 'secret'", filepath.Join(dir, "init.lua"): "return {}"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(outside, filepath.Join(dir, "link.lua")); err != nil {
		t.Fatal(err)
	}
	files, left, err := folder.Read(dir)
	if err != nil || len(files) != 1 || !slices.Equal(left, []string{"link.lua"}) {
		t.Errorf("read %v, left out %v, %v", files, left, err)
	}
	linked := t.TempDir()
	if err := os.Symlink(outside, filepath.Join(linked, "init.lua")); err != nil {
		t.Fatal(err)
	}
	if _, _, err := folder.Read(linked); err == nil || !strings.Contains(err.Error(), "init.lua is no plain file; links are not followed") {
		t.Errorf("an init.lua that is a link gave %v", err)
	}
}
