//go:build go1.23

// Alloc is traced with the AllocFree experiment: every span, object and goroutine stack that comes and
// goes is an event, of types that only this experiment uses. It needs GODEBUG=traceallocfree=1 from its
// start on.
package main

import (
	"errors"
	"os"
	"runtime"
	"strings"
	"sync"
	"time"

	"corpus/programs/internal/capture"
)

//corpus:service lab
//corpus:env GODEBUG=traceallocfree=1

// fill allocates objects of many size classes, with and without pointers, and keeps the last few.
func fill(worker int, over func() bool) {
	random := capture.Random(worker)
	bytes := make([][]byte, 64)
	pointers := make([][]*int, 64)
	for !over() {
		for range 10 {
			slot := random.IntN(len(bytes))
			bytes[slot] = make([]byte, 1<<random.IntN(13))
			pointers[slot] = make([]*int, 1+random.IntN(100))
		}
		time.Sleep(2 * time.Millisecond)
	}
}

// deepen makes a goroutine's stack grow.
func deepen(n int) int {
	var frame [256]byte
	if n == 0 {
		return int(frame[0])
	}
	return deepen(n-1) + int(frame[n%len(frame)])
}

func main() {
	c := capture.Flags()
	if !strings.Contains(os.Getenv("GODEBUG"), "traceallocfree=1") {
		capture.Check(errors.New("run me with GODEBUG=traceallocfree=1"))
	}
	c.Trace(func() {
		over := c.Deadline()
		var done sync.WaitGroup
		for worker := range 3 {
			done.Add(1)
			go func() { defer done.Done(); fill(worker, over) }()
		}
		for !over() {
			time.Sleep(c.For / 10)
			done.Add(1)
			go func() { defer done.Done(); deepen(100) }()
			runtime.GC()
		}
		done.Wait()
	})
}
