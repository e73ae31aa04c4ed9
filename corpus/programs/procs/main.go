// Procs changes GOMAXPROCS while its workers run: Ps start and stop, each change stops the world, and
// with one P left the workers queue and are preempted.
package main

import (
	"runtime"
	"sync"
	"time"

	"corpus/programs/internal/capture"
)

//corpus:service edge

// spin computes for about this long without a function call that could yield.
func spin(steps int) (sum int) {
	for i := range steps {
		sum += i * i
	}
	return sum
}

func main() {
	c := capture.Flags()
	c.Trace(func() {
		over := c.Deadline()
		var done sync.WaitGroup
		for worker := range 6 {
			done.Add(1)
			go func() {
				defer done.Done()
				random := capture.Random(worker)
				for !over() {
					spin(20_000 + random.IntN(200_000))
					if random.IntN(3) == 0 {
						time.Sleep(100 * time.Microsecond)
					} else {
						runtime.Gosched()
					}
				}
			}()
		}
		was := runtime.GOMAXPROCS(0)
		for _, procs := range []int{1, 4, 2, 8, 1, 3} {
			time.Sleep(c.For / 7)
			runtime.GOMAXPROCS(procs)
		}
		done.Wait()
		runtime.GOMAXPROCS(was)
	})
}
