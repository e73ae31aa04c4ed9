package main

import (
	"fmt"
	"internal/trace"
	"os"
	"strings"
	"time"
)

// The sets of flags of trace.MutatorUtilizationV2 that the gc report has, by the names of its columns.
var utilFlags = []struct {
	name  string
	flags trace.UtilFlags
}{
	{"stw", trace.UtilSTW},
	{"background", trace.UtilBackground},
	{"assist", trace.UtilAssist},
	{"sweep", trace.UtilSweep},
	{"all", trace.UtilSTW | trace.UtilBackground | trace.UtilAssist | trace.UtilSweep},
	{"per_proc", trace.UtilSTW | trace.UtilBackground | trace.UtilAssist | trace.UtilSweep | trace.UtilPerProc},
}

var mmuWindows = []int{1, 2, 5, 10, 20, 50, 100, 200, 500, 1000}

// printMMU prints a line a set of flags: its name, and the minimum mutator utilization of each window.
func printMMU(file *os.File) error {
	var events []trace.Event
	if err := forEach(file, func(event *trace.Event) { events = append(events, *event) }); err != nil {
		return err
	}
	for _, set := range utilFlags {
		fmt.Println(set.name, mmuOf(events, set.flags))
	}
	return nil
}

func mmuOf(events []trace.Event, flags trace.UtilFlags) (line string) {
	// Where GOMAXPROCS shrinks or a P is not known yet, Go's function can index out of range.
	defer func() {
		if recover() != nil {
			line = "none"
		}
	}()
	utils := trace.MutatorUtilizationV2(events, flags)
	if len(utils) == 0 {
		return "none"
	}
	curve := trace.NewMMUCurve(utils)
	var words []string
	for _, ms := range mmuWindows {
		words = append(words, fmt.Sprintf("%.12f", curve.MMU(time.Duration(ms)*time.Millisecond)))
	}
	return strings.Join(words, " ")
}
