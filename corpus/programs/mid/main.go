//go:build unix

// Mid starts tracing in the middle of things: goroutines already run, are ready, or are blocked on
// channels, locks, timers, the network and system calls, and a task has begun. The reader sees no
// beginning of these. Most of them end while tracing, some outlive it. Generations are a tenth of a
// second long, when GODEBUG asks for that, so goroutines stay blocked through whole generations.
package main

import (
	"context"
	"net"
	"runtime"
	"runtime/trace"
	"sync"
	"syscall"
	"time"

	"corpus/programs/internal/capture"
)

//corpus:service edge
//corpus:env GODEBUG=traceadvanceperiod=100000000

func main() {
	c := capture.Flags()
	release := make(chan struct{})
	var held sync.Mutex
	var done sync.WaitGroup
	start := func(copies int, work func()) {
		for range copies {
			done.Add(1)
			go func() { defer done.Done(); work() }()
		}
	}

	held.Lock()
	start(50, func() { held.Lock(); held.Unlock() })
	start(300, func() { <-release })
	start(50, func() {
		select {
		case <-release:
		case <-time.After(time.Hour):
		}
	})
	start(30, func() { time.Sleep(c.For / 2) })
	start(4, func() {
		for {
			select {
			case <-release:
				return
			default:
				for range 20 {
					runtime.Gosched()
				}
				time.Sleep(200 * time.Microsecond)
			}
		}
	})

	var pipe [2]int
	capture.Check(syscall.Pipe(pipe[:]))
	start(3, func() { syscall.Read(pipe[0], make([]byte, 1)) })

	here, there := net.Pipe()
	start(1, func() { here.Read(make([]byte, 1)) })
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	capture.Check(err)
	start(1, func() { listener.Accept() })

	for range 20 {
		go func() { select {} }() // never ends
	}
	ctx, task := trace.NewTask(context.Background(), "begun before tracing")
	time.Sleep(20 * time.Millisecond) // let them all come to where they block

	c.Trace(func() {
		trace.Log(ctx, "mid", "tracing")
		time.Sleep(c.For / 2)
		trace.WithRegion(ctx, "release", func() {
			held.Unlock()
			close(release)
			there.Close()
			listener.Close()
			syscall.Close(pipe[1])
		})
		task.End()
		done.Wait()
		trace.NewTask(context.Background(), "never ended")
		time.Sleep(c.For / 2)
	})
}
