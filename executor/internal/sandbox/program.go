package sandbox

import (
	"maps"
	"slices"

	"antiraid/executor/internal/sandbox/source"
	"antiraid/shared/bundle"
	"antiraid/shared/run"
)

// What a template's files may have, all together.
const (
	maxFunctions = 4000
	maxWork      = 30_000_000 // no run's budget counts it; some 30 ms
)

// Program is a compiled revision. It is immutable and may be shared.
type Program struct {
	template string
	chunks   map[string]*source.Chunk // by file
}

// Size is about how many bytes the program holds; 0 for nil.
func (p *Program) Size() (size int64) {
	if p != nil {
		for _, c := range p.chunks {
			size += int64(c.Held)
		}
	}
	return size
}

// Compile parses and compiles all files of a revision. The failure names file, line and column.
func Compile(template string, r bundle.Revision) (*Program, *run.Failure) {
	if err := r.Check(); err != nil {
		return nil, &run.Failure{Message: err.Error()}
	}
	p := &Program{template: template, chunks: make(map[string]*source.Chunk, len(r))}
	left := source.Limits{Bytes: bundle.MaxFileBytes, Functions: maxFunctions, Work: maxWork}
	for _, file := range slices.Sorted(maps.Keys(r)) {
		chunk, err := source.Compile(file, r[file], left)
		if err != nil {
			return nil, &run.Failure{Message: err.Message, File: file, Line: err.Line, Column: err.Column, Source: err.Source}
		}
		left.Functions -= chunk.Functions
		left.Work -= chunk.Work
		p.chunks[file] = chunk
	}
	return p, nil
}
