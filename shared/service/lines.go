package service

import (
	"bytes"
	"io"
	"log/slog"
	"sync/atomic"
	"time"
)

const (
	linesWaiting = 1024
	linesEnd     = time.Second // how long the end of a program waits for its last lines
)

// lines are written in the background: who logs never waits for whoever reads the log. Lines that nobody reads for long are lost, and
// counted.
type lines struct {
	out     io.Writer
	log     *slog.Logger // writes to out itself
	waiting chan []byte
	lost    atomic.Int64
	ending  chan struct{}
	done    chan struct{}
}

// write begins to write lines; call end when there are no more.
func write(out io.Writer) *lines {
	l := &lines{
		out: out, log: Logger(out, slog.LevelInfo),
		waiting: make(chan []byte, linesWaiting), ending: make(chan struct{}), done: make(chan struct{}),
	}
	go l.run()
	return l
}

// Write takes a line.
func (l *lines) Write(line []byte) (int, error) {
	select {
	case l.waiting <- bytes.Clone(line):
	default:
		l.lost.Add(1)
	}
	return len(line), nil
}

// end writes what is left, unless nobody reads it.
func (l *lines) end() {
	close(l.ending)
	select {
	case <-l.done:
	case <-time.After(linesEnd):
	}
}

func (l *lines) run() {
	defer close(l.done)
	for {
		select {
		case line := <-l.waiting:
			l.put(line)
		case <-l.ending:
			for {
				select {
				case line := <-l.waiting:
					l.put(line)
				default:
					return
				}
			}
		}
	}
}

func (l *lines) put(line []byte) {
	l.out.Write(line)
	if n := l.lost.Swap(0); n > 0 {
		l.log.Warn("lines of this log were lost, as nobody read it", "lines", n)
	}
}
