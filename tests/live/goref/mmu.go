package main

import (
	"fmt"
	"internal/trace"
	"os"
	"slices"
	"strings"
	"time"
)

// The minimum mutator utilization, as the gc report has it: what is taken off in each column.
//
// With UtilBackground, Go's MutatorUtilizationV2 counts a mark worker's label as the beginning of work on its
// P, and its start as another one from its second run on: so after a few of them all Ps are taken to be in
// the collector for ever. For those columns the utilization is made here, by Go's other rules; the curve is
// Go's in all of them.
var mmuColumns = []struct {
	name  string
	flags trace.UtilFlags
}{
	{"stops", trace.UtilSTW},
	{"assists", trace.UtilSTW | trace.UtilAssist},
	{"sweeps", trace.UtilSTW | trace.UtilAssist | trace.UtilSweep},
	{"marking", trace.UtilSTW | trace.UtilAssist | trace.UtilBackground},
	{"all", trace.UtilSTW | trace.UtilAssist | trace.UtilBackground | trace.UtilSweep},
}

var mmuWindows = []int{1, 2, 5, 10, 20, 50, 100, 200, 500, 1000}

// printMMU prints a line a column: its name, and the minimum mutator utilization of each window.
func printMMU(file *os.File) error {
	var events []trace.Event
	if err := forEach(file, func(event *trace.Event) { events = append(events, *event) }); err != nil {
		return err
	}
	for _, column := range mmuColumns {
		var utils [][]trace.MutatorUtil
		if column.flags&trace.UtilBackground == 0 {
			utils = trace.MutatorUtilizationV2(events, column.flags)
		} else {
			utils = utilization(events, column.flags)
		}
		words := []string{column.name}
		for _, ms := range mmuWindows {
			if len(utils) == 0 {
				words = append(words, "none")
				break
			}
			mmu := trace.NewMMUCurve(utils).MMU(time.Duration(ms) * time.Millisecond)
			words = append(words, fmt.Sprintf("%.12f", mmu))
		}
		fmt.Println(strings.Join(words, " "))
	}
	return nil
}

// utilization of all Ps together: at each event it is looked at anew who works where.
func utilization(events []trace.Event, flags trace.UtilFlags) [][]trace.MutatorUtil {
	procs, stops := 0, 0
	assisting := map[trace.GoID]bool{}
	worker := map[trace.GoID]bool{}        // runs, with a label that counts
	where := map[trace.GoID]trace.ProcID{} // of those that execute
	sweeping := map[trace.ProcID]bool{}
	var util []trace.MutatorUtil
	last := int64(0)
	for _, event := range events {
		last = int64(event.Time())
		switch event.Kind() {
		case trace.EventMetric:
			if metric := event.Metric(); metric.Name == "/sched/gomaxprocs:threads" {
				procs = int(metric.Value.Uint64())
			}
		case trace.EventLabel:
			label := event.Label().Label
			worker[event.Goroutine()] = strings.HasPrefix(label, "GC ") && label != "GC (idle)"
			where[event.Goroutine()] = event.Proc()
		case trace.EventStateTransition:
			change := event.StateTransition()
			if change.Resource.Kind != trace.ResourceGoroutine {
				continue
			}
			from, to := change.Goroutine()
			g := change.Resource.Goroutine()
			works := assisting[g] || worker[g]
			if !to.Executing() {
				delete(where, g)
				delete(worker, g)
			} else if !from.Executing() {
				where[g] = event.Proc()
			}
			if !works {
				continue
			}
		case trace.EventRangeBegin, trace.EventRangeEnd:
			begins := event.Kind() == trace.EventRangeBegin
			switch r := event.Range(); {
			case strings.HasPrefix(r.Name, "stop-the-world") && strings.Contains(r.Name, "GC"):
				if begins {
					stops++
				} else {
					stops--
				}
			case r.Name == "GC mark assist":
				assisting[event.Goroutine()] = begins
				where[event.Goroutine()] = event.Proc()
			case r.Name == "GC incremental sweep" && flags&trace.UtilSweep != 0:
				sweeping[event.Proc()] = begins
			}
		default:
			continue
		}
		if procs == 0 {
			continue
		}
		taken := procs
		if stops == 0 {
			var busy []trace.ProcID
			for p, sweeps := range sweeping {
				if sweeps {
					busy = append(busy, p)
				}
			}
			for g, p := range where {
				if (assisting[g] || worker[g]) && int(p) < procs {
					busy = append(busy, p)
				}
			}
			slices.Sort(busy)
			taken = len(slices.Compact(busy))
		}
		util = append(util, trace.MutatorUtil{Time: last, Util: 1 - float64(taken)/float64(procs)})
	}
	if len(util) == 0 {
		return nil
	}
	return [][]trace.MutatorUtil{append(util, trace.MutatorUtil{Time: last, Util: 0})}
}
