// Gc keeps the garbage collector busy: a live heap of linked nodes that is replaced bit by bit, a low GC
// percentage, and now and then a forced collection and a stop of the world. The trace has mark phases,
// mark assists, sweeps, several kinds of stop-the-world and a heap goal that moves.
package main

import (
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	"corpus/programs/internal/capture"
)

//corpus:service batch

type node struct {
	next    *node
	payload []byte
}

// chain builds a list of n nodes: pointers for the marker to follow.
func chain(n, bytes int) *node {
	var head *node
	for range n {
		head = &node{head, make([]byte, bytes)}
	}
	return head
}

func churn(worker int, over func() bool) {
	random := capture.Random(worker)
	live := make([]*node, 400)
	for !over() {
		for range 4 {
			live[random.IntN(len(live))] = chain(30, 64<<random.IntN(6))
		}
		time.Sleep(3 * time.Millisecond)
	}
}

func main() {
	c := capture.Flags()
	debug.SetGCPercent(30)
	c.Trace(func() {
		over := c.Deadline()
		var done sync.WaitGroup
		for worker := range 4 {
			done.Add(1)
			go func() { defer done.Done(); churn(worker, over) }()
		}
		for round := 0; !over(); round++ {
			time.Sleep(c.For / 10)
			switch round % 3 {
			case 0:
				runtime.GC()
			case 1:
				runtime.ReadMemStats(new(runtime.MemStats))
			case 2:
				debug.SetGCPercent(30 + round*10)
			}
		}
		done.Wait()
	})
}
