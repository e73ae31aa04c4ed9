//go:build unix

// Sys blocks in system calls: reads of pipes that the runtime's poller does not know of, so that the
// scheduler has to take the P away, beside quick ones on files that keep theirs.
package main

import (
	"io"
	"os"
	"sync"
	"syscall"
	"time"

	"corpus/programs/internal/capture"
)

//corpus:service edge

// blockedReader reads one byte at a time from a pipe whose other end is in no hurry.
func blockedReader(pipe int) {
	for one := make([]byte, 1); ; {
		n, err := syscall.Read(pipe, one)
		if n == 0 && err == nil {
			return // the writer has gone
		}
		if err != syscall.EINTR {
			capture.Check(err)
		}
	}
}

func slowWriter(pipe, worker int, over func() bool) {
	random := capture.Random(worker)
	for !over() {
		time.Sleep(time.Duration(100+random.IntN(3000)) * time.Microsecond)
		_, err := syscall.Write(pipe, []byte{0})
		capture.Check(err)
	}
	capture.Check(syscall.Close(pipe))
}

func fileWorker(worker int, over func() bool) {
	random := capture.Random(worker)
	file, err := os.CreateTemp("", "sys")
	capture.Check(err)
	defer os.Remove(file.Name())
	defer file.Close()
	block := make([]byte, 4096)
	for !over() {
		for range 1 + random.IntN(8) {
			_, err := file.Write(block)
			capture.Check(err)
		}
		_, err := file.Seek(0, io.SeekStart)
		capture.Check(err)
		_, err = io.CopyBuffer(io.Discard, io.LimitReader(file, 16<<10), block)
		capture.Check(err)
		time.Sleep(time.Duration(random.IntN(500)) * time.Microsecond)
	}
}

func main() {
	c := capture.Flags()
	c.Trace(func() {
		over := c.Deadline()
		var done sync.WaitGroup
		start := func(work func()) {
			done.Add(1)
			go func() { defer done.Done(); work() }()
		}
		for worker := range 6 {
			var ends [2]int
			capture.Check(syscall.Pipe(ends[:]))
			start(func() { blockedReader(ends[0]) })
			start(func() { slowWriter(ends[1], worker, over) })
		}
		for worker := range 3 {
			start(func() { fileWorker(100+worker, over) })
		}
		done.Wait()
	})
}
