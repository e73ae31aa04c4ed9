package main

import (
	"crypto/sha256"
	"fmt"
	"internal/trace"
	"maps"
	"slices"
)

// profile adds up one kind of waiting. Sha256 covers its call sites in byte order of their text:
// "COUNT TIME_NS\n", then "FUNC FILE:LINE\n" a frame from the leaf on, then "\n".
type profile struct {
	Count  int64  `json:"count"`
	TimeNs int64  `json:"time_ns"`
	MaxNs  int64  `json:"max_ns"`
	Stacks int    `json:"stacks"`
	Sha256 string `json:"sha256"`
}

// life is the time that go tool trace's profiles take of a goroutine: from its first run on.
type life struct{ from, to trace.Time }

// waits collects the stays of goroutines in one state, for reasons that are wanted. A stay opens at the
// transition into the state and closes at the first one that leaves it; its call site is where it opened.
type waits struct {
	name   string
	state  trace.GoState
	wanted func(reason string) bool
	open   map[trace.GoID]opening
	closed []wait
	sure   int // this many of closed are certain
}

type opening struct {
	at    trace.Time
	stack trace.Stack
}

type wait struct {
	g        trace.GoID
	from, to trace.Time
	site     string
}

func newWaits(name string, state trace.GoState, wanted func(string) bool) *waits {
	return &waits{name: name, state: state, wanted: wanted, open: map[trace.GoID]opening{}}
}

func (w *waits) transition(event *trace.Event, g trace.GoID, to trace.GoState, reason string, site func(trace.Stack) string) {
	o, isOpen := w.open[g]
	if isOpen && to != w.state {
		delete(w.open, g)
		w.closed = append(w.closed, wait{g, o.at, event.Time(), site(o.stack)})
	} else if !isOpen && to == w.state && w.wanted(reason) {
		w.open[g] = opening{event.Time(), event.Stack()}
	}
}

// profile adds the certain waits up by call site, cut to lives unless that is nil.
func (w *waits) profile(lives map[trace.GoID]life) profile {
	sites := map[string]*profile{}
	for _, stay := range w.closed[:w.sure] {
		from, to := stay.from, stay.to
		if lives != nil {
			l, known := lives[stay.g]
			if !known {
				continue
			}
			from, to = max(from, l.from), min(to, l.to)
		}
		if to <= from {
			continue
		}
		ns := int64(to) - int64(from)
		row := entry(sites, stay.site, func() *profile { return &profile{} })
		row.Count++
		row.TimeNs += ns
		row.MaxNs = max(row.MaxNs, ns)
	}
	total := profile{Stacks: len(sites)}
	sum := sha256.New()
	for _, text := range slices.Sorted(maps.Keys(sites)) {
		row := sites[text]
		fmt.Fprintf(sum, "%d %d\n%s\n", row.Count, row.TimeNs, text)
		total.Count += row.Count
		total.TimeNs += row.TimeNs
		total.MaxNs = max(total.MaxNs, row.MaxNs)
	}
	total.Sha256 = fmt.Sprintf("%x", sum.Sum(nil))
	return total
}
