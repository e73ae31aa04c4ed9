//go:build go1.25

// Flight keeps a flight recorder running and writes its window when something goes wrong: the trace
// begins in the middle and ends at a snapshot and not at a stop. Generations of a tenth of a second,
// which GODEBUG asks for, let the recorder drop old ones in a short run too.
package main

import (
	"context"
	"runtime/trace"
	"sync"
	"time"

	"corpus/programs/internal/capture"
)

//corpus:service edge
//corpus:env GODEBUG=traceadvanceperiod=100000000

func request(worker, number int, slow bool) {
	ctx, task := trace.NewTask(context.Background(), "request")
	defer task.End()
	trace.Logf(ctx, "request", "%d of worker %d", number, worker)
	trace.WithRegion(ctx, "work", func() {
		time.Sleep(300 * time.Microsecond)
		if slow {
			time.Sleep(30 * time.Millisecond)
		}
	})
}

func main() {
	c := capture.Flags()
	recorder := trace.NewFlightRecorder(trace.FlightRecorderConfig{MinAge: c.For / 2, MaxBytes: 1 << 20})
	capture.Check(recorder.Start())
	over := c.Deadline()
	var done sync.WaitGroup
	for worker := range 8 {
		done.Add(1)
		go func() {
			defer done.Done()
			random := capture.Random(worker)
			for number := 0; !over(); number++ {
				request(worker, number, false)
				time.Sleep(time.Duration(random.IntN(1000)) * time.Microsecond)
			}
		}()
	}
	time.Sleep(c.For)
	request(-1, 0, true) // what the recorder was waiting for

	file := c.Create()
	_, err := recorder.WriteTo(file)
	capture.Check(err)
	capture.Check(file.Close())
	done.Wait()
	recorder.Stop()
}
