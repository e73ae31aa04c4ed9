// Package capture holds what every program here shares: its flags, and the start and stop of tracing.
package capture

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime/trace"
	"time"
)

// Capture is one trace to be written.
type Capture struct {
	Out string        // where the trace goes
	For time.Duration // how long the program works while it is traced
}

// Flags reads the command line. A bad one ends the program.
func Flags() Capture {
	var c Capture
	flag.StringVar(&c.Out, "o", "", "write the trace to `FILE`")
	flag.DurationVar(&c.For, "d", 500*time.Millisecond, "work for this long while tracing")
	flag.Parse()
	if c.Out == "" || flag.NArg() != 0 || c.For <= 0 {
		flag.Usage()
		os.Exit(2)
	}
	return c
}

// Trace runs body with tracing on and writes the trace.
func (c Capture) Trace(body func()) {
	file := c.Create()
	Check(trace.Start(file))
	body()
	trace.Stop()
	Check(file.Close())
}

// Create opens the file for the trace.
func (c Capture) Create() *os.File {
	file, err := os.Create(c.Out)
	Check(err)
	return file
}

// Deadline returns a function that says whether it is time to stop, counted from now.
func (c Capture) Deadline() (over func() bool) {
	end := time.Now().Add(c.For)
	return func() bool { return !time.Now().Before(end) }
}

// Random returns the random numbers of one worker: the same ones in every run.
func Random(worker int) *rand.Rand {
	return rand.New(rand.NewPCG(2009, uint64(worker)))
}

// Check ends the program on an error: a capture that is not whole is of no use.
func Check(err error) {
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", filepath.Base(os.Args[0]), err)
		os.Exit(1)
	}
}
