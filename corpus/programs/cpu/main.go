// Cpu runs the CPU profiler beside the tracer, so that the trace has CPU samples. Its workers carry
// profiler labels and do different kinds of work; some of it is under a lock or waits for a turn.
package main

import (
	"context"
	"crypto/sha256"
	"io"
	"runtime/pprof"
	"slices"
	"strconv"
	"sync"
	"time"

	"corpus/programs/internal/capture"
)

//corpus:service batch

func hash(ctx context.Context, over func() bool) {
	block := make([]byte, 64<<10)
	for !over() {
		sum := sha256.Sum256(block)
		copy(block, sum[:])
	}
}

func sortNumbers(ctx context.Context, worker int, over func() bool) {
	random := capture.Random(worker)
	numbers := make([]uint64, 5000)
	for !over() {
		pprof.Do(ctx, pprof.Labels("step", "fill"), func(context.Context) {
			for i := range numbers {
				numbers[i] = random.Uint64()
			}
		})
		pprof.Do(ctx, pprof.Labels("step", "sort"), func(context.Context) { slices.Sort(numbers) })
		time.Sleep(time.Millisecond)
	}
}

func main() {
	c := capture.Flags()
	capture.Check(pprof.StartCPUProfile(io.Discard))
	defer pprof.StopCPUProfile()
	c.Trace(func() {
		over := c.Deadline()
		var done sync.WaitGroup
		for worker := range 4 {
			done.Add(1)
			labels := pprof.Labels("worker", strconv.Itoa(worker))
			go pprof.Do(context.Background(), labels, func(ctx context.Context) {
				defer done.Done()
				if worker == 0 {
					hash(ctx, over)
				} else {
					sortNumbers(ctx, worker, over)
				}
			})
		}
		done.Wait()
	})
}
