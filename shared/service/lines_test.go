package service

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestNobodyWaitsForWhoReadsTheLog writes more lines than are kept while nobody reads, ends, and reads.
func TestNobodyWaitsForWhoReadsTheLog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		reader, out := io.Pipe()
		l := write(out)
		began := time.Now()
		for n := range 3 * linesWaiting {
			fmt.Fprintln(l, "line", n)
		}
		if waited := time.Since(began); waited != 0 {
			t.Errorf("who logs waited %v for who reads", waited)
		}
		l.end()
		if waited := time.Since(began); waited != linesEnd {
			t.Errorf("the end waited %v for who reads, want %v", waited, linesEnd)
		}
		go func() {
			<-l.done
			out.Close()
		}()
		all, err := io.ReadAll(reader)
		if err != nil {
			t.Fatal(err)
		}
		kept := strings.Count(string(all), "line ")
		if kept < linesWaiting || kept > linesWaiting+1 || !strings.HasPrefix(string(all), "line 0\n") {
			t.Errorf("%d lines are kept, want the first %d", kept, linesWaiting)
		}
		if says := fmt.Sprint(`"lines":`, 3*linesWaiting-kept); !strings.Contains(string(all), says) {
			t.Errorf("nothing says %s of the lines that were lost", says)
		}
	})
}

// TestTheLastLinesAreWritten has a program end right behind its last word.
func TestTheLastLinesAreWritten(t *testing.T) {
	var out strings.Builder
	l := write(&out)
	for n := range 100 {
		fmt.Fprintln(l, "line", n)
	}
	l.end()
	if n := strings.Count(out.String(), "line "); n != 100 || !strings.HasSuffix(out.String(), "line 99\n") {
		t.Errorf("%d lines are written, want 100", n)
	}
}
