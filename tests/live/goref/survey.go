package main

import (
	"crypto/sha256"
	"fmt"
	"hash"
	"internal/trace"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
)

// account is the whole answer; its fields stand in the order of the expected files.
type account struct {
	Bytes            int64              `json:"bytes"`
	Events           int64              `json:"events"`
	Error            string             `json:"error,omitempty"`
	FirstNs          int64              `json:"first_ns"`
	LastNs           int64              `json:"last_ns"`
	Syncs            int                `json:"syncs"`
	Wall             string             `json:"wall,omitempty"` // of the first clock snapshot
	Kinds            map[string]int64   `json:"kinds"`
	ParsedSha256     string             `json:"parsed_sha256,omitempty"` // of what -dump prints
	ParsedSetSha256  string             `json:"parsed_multiset_sha256,omitempty"`
	Profiles         map[string]profile `json:"profiles"`
	CmdTraceProfiles map[string]profile `json:"cmd_trace_profiles"` // clipped as go tool trace does
	Goroutines       []goroutines       `json:"goroutines"`
	Tasks            []durations        `json:"tasks"`
	Regions          []durations        `json:"regions"`
	Ranges           []ranges           `json:"ranges"`
	HeapAllocMax     uint64             `json:"heap_alloc_max"`
	HeapGoalMax      uint64             `json:"heap_goal_max"`
	GomaxprocsMax    uint64             `json:"gomaxprocs_max"`
	CPUSamples       int64              `json:"cpu_samples"`
	Logs             int64              `json:"logs"`
}

// goroutines adds up the summaries of all goroutines of one name.
type goroutines struct {
	Name           string           `json:"name"`
	Count          int64            `json:"count"`
	ExecNs         int64            `json:"exec_ns"`
	SchedWaitNs    int64            `json:"sched_wait_ns"`
	SyscallNs      int64            `json:"syscall_ns"`
	SyscallBlockNs int64            `json:"syscall_block_ns"`
	TotalNs        int64            `json:"total_ns"`
	BlockNs        map[string]int64 `json:"block_ns"`
	RangeNs        map[string]int64 `json:"range_ns"`
}

// durations describes the tasks or regions of one name.
type durations struct {
	Name     string `json:"name"`
	Count    int64  `json:"count"`
	Complete int64  `json:"complete"` // both ends are in the trace
	TotalNs  int64  `json:"total_ns"`
	MinNs    int64  `json:"min_ns"`
	MaxNs    int64  `json:"max_ns"`
	P50Ns    int64  `json:"p50_ns"`
	P99Ns    int64  `json:"p99_ns"`

	each []int64
}

type ranges struct {
	Name    string `json:"name"`
	Count   int64  `json:"count"`
	TotalNs int64  `json:"total_ns"`
	MaxNs   int64  `json:"max_ns"`
}

// survey fills an account in one pass. Waits, tasks and goroutines of a damaged trace are told up to
// its last Sync only: what follows is a torn generation. The plain counts are over all events.
type survey struct {
	account
	parsed     hash.Hash
	records    []string // of a legacy trace: what -dump prints of each event, without its time
	isLegacy   bool
	summarizer *trace.Summarizer
	waits      []*waits
	sites      map[trace.Stack]string
	open       map[rangeKey]trace.Time
	ranges     map[string]*ranges
	lastSync   trace.Time

	firstTime, lastTime trace.Time
	sure                bool       // there was a Sync, or the trace is whole
	sureEnd             trace.Time // of the last event that is certain
}

type rangeKey struct{ name, scope string }

func newSurvey() *survey {
	every := func(string) bool { return true }
	network := func(reason string) bool { return reason == "network" }
	peer := func(reason string) bool {
		return strings.Contains(reason, "chan") || strings.Contains(reason, "sync") || strings.Contains(reason, "select")
	}
	return &survey{
		account: account{
			Kinds:            map[string]int64{},
			Profiles:         map[string]profile{},
			CmdTraceProfiles: map[string]profile{},
		},
		parsed:     sha256.New(),
		summarizer: trace.NewSummarizer(),
		waits: []*waits{
			newWaits("sched", trace.GoRunnable, every),
			newWaits("syscall", trace.GoSyscall, every),
			newWaits("net", trace.GoWaiting, network),
			newWaits("sync", trace.GoWaiting, peer),
		},
		sites:  map[trace.Stack]string{},
		open:   map[rangeKey]trace.Time{},
		ranges: map[string]*ranges{},
	}
}

var eventTime = regexp.MustCompile(` Time=-?\d+`)

// setSha256 is over the records in order of their text, a line break after each: where events have
// equal times in a legacy trace, their order, and with it their times by a few ns, is another in each
// run of Go's reader.
func setSha256(records []string) string {
	slices.Sort(records)
	sum := sha256.New()
	for _, record := range records {
		io.WriteString(sum, record)
		io.WriteString(sum, "\n")
	}
	return fmt.Sprintf("%x", sum.Sum(nil))
}

func (s *survey) event(event *trace.Event) {
	s.summarizer.Event(event)
	if s.isLegacy {
		s.records = append(s.records, eventTime.ReplaceAllLiteralString(event.String(), ""))
	} else {
		io.WriteString(s.parsed, event.String())
		io.WriteString(s.parsed, "\n")
	}
	s.Events++
	s.Kinds[event.Kind().String()]++
	if s.Events == 1 {
		s.firstTime = event.Time()
	}
	s.lastTime = event.Time()
	s.LastNs = int64(event.Time())
	if s.FirstNs == 0 {
		s.FirstNs = s.LastNs
	}

	switch event.Kind() {
	case trace.EventSync:
		s.Syncs++
		s.lastSync = event.Time()
		if clock := event.Sync().ClockSnapshot; clock != nil && s.Wall == "" {
			s.Wall = clock.Wall.UTC().Format(time.RFC3339Nano)
		}
		s.settle()
	case trace.EventStackSample:
		s.CPUSamples++
	case trace.EventLog:
		s.Logs++
	case trace.EventMetric:
		s.metric(event.Metric())
	case trace.EventRangeBegin, trace.EventRangeActive, trace.EventRangeEnd:
		s.rangeEvent(event)
	case trace.EventStateTransition:
		change := event.StateTransition()
		if change.Resource.Kind != trace.ResourceGoroutine {
			break
		}
		_, to := change.Goroutine()
		for _, w := range s.waits {
			w.transition(event, change.Resource.Goroutine(), to, change.Reason, s.site)
		}
	}
}

// settle takes all that was seen so far as certain.
func (s *survey) settle() {
	if s.Events == 0 {
		return
	}
	s.sure = true
	s.sureEnd = s.lastTime
	for _, w := range s.waits {
		w.sure = len(w.closed)
	}
	clear(s.sites) // stacks belong to one generation
}

func (s *survey) metric(metric trace.Metric) {
	var most *uint64
	switch metric.Name {
	case "/memory/classes/heap/objects:bytes":
		most = &s.HeapAllocMax
	case "/gc/heap/goal:bytes":
		most = &s.HeapGoalMax
	case "/sched/gomaxprocs:threads":
		most = &s.GomaxprocsMax
	default:
		return
	}
	*most = max(*most, metric.Value.Uint64())
}

// rangeEvent counts a range at its end; one that was open when tracing began starts at the last Sync.
func (s *survey) rangeEvent(event *trace.Event) {
	r := event.Range()
	key := rangeKey{r.Name, r.Scope.String()}
	from, isOpen := s.open[key]
	switch {
	case event.Kind() == trace.EventRangeBegin:
		s.open[key] = event.Time()
	case !isOpen && event.Kind() == trace.EventRangeActive:
		s.open[key] = s.lastSync
	case isOpen && event.Kind() == trace.EventRangeEnd:
		delete(s.open, key)
		row := entry(s.ranges, r.Name, func() *ranges { return &ranges{Name: r.Name} })
		ns := int64(event.Time() - from)
		row.Count++
		row.TotalNs += ns
		row.MaxNs = max(row.MaxNs, ns)
	}
}

// site is the stack's text as it goes into a profile's hash.
func (s *survey) site(stack trace.Stack) string {
	text, known := s.sites[stack]
	if !known {
		var b strings.Builder
		for frame := range stack.Frames() {
			fmt.Fprintf(&b, "%s %s:%d\n", frame.Func, frame.File, frame.Line)
		}
		text = b.String()
		s.sites[stack] = text
	}
	return text
}

// finish computes what is known at the end only.
func (s *survey) finish() {
	if s.isLegacy {
		s.ParsedSetSha256 = setSha256(s.records)
	} else {
		s.ParsedSha256 = fmt.Sprintf("%x", s.parsed.Sum(nil))
	}
	s.Ranges = byName(s.ranges)
	if !s.sure {
		return
	}
	summary := s.summarizer.Finalize()
	lives := s.tellGoroutines(summary)
	s.Tasks = tellTasks(summary)
	for _, w := range s.waits {
		s.Profiles[w.name] = w.profile(nil)
		s.CmdTraceProfiles[w.name] = w.profile(lives)
	}
}

func (s *survey) tellGoroutines(summary *trace.Summary) map[trace.GoID]life {
	lives := map[trace.GoID]life{}
	names := map[string]*goroutines{}
	regions := map[string]*durations{}
	for _, g := range summary.Goroutines {
		l := life{g.StartTime, g.EndTime}
		if l.to == 0 {
			l.to = s.sureEnd
		}
		lives[g.ID] = l

		row := entry(names, g.Name, func() *goroutines {
			return &goroutines{Name: g.Name, BlockNs: map[string]int64{}, RangeNs: map[string]int64{}}
		})
		row.Count++
		row.ExecNs += int64(g.ExecTime)
		row.SchedWaitNs += int64(g.SchedWaitTime)
		row.SyscallNs += int64(g.SyscallTime)
		row.SyscallBlockNs += int64(g.SyscallBlockTime)
		row.TotalNs += int64(g.TotalTime)
		for reason, spent := range g.BlockTimeByReason {
			row.BlockNs[reason] += int64(spent)
		}
		for name, spent := range g.RangeTime {
			row.RangeNs[name] += int64(spent)
		}

		for _, region := range g.Regions {
			if region.Name == "" {
				continue
			}
			// A region with one end outside of the trace reaches to the trace's own end.
			from, to := s.firstTime, s.sureEnd
			if region.Start != nil {
				from = region.Start.Time()
			}
			if region.End != nil {
				to = region.End.Time()
			}
			row := durationsOf(regions, region.Name)
			row.Count++
			row.add(int64(to - from))
			if region.Start != nil && region.End != nil {
				row.Complete++
			}
		}
	}
	s.Goroutines = byName(names)
	s.Regions = sortedDurations(regions)
	return lives
}

// tellTasks counts every task, unnamed ones too, but times only those that are complete.
func tellTasks(summary *trace.Summary) []durations {
	tasks := map[string]*durations{}
	for _, task := range summary.Tasks {
		row := durationsOf(tasks, task.Name)
		row.Count++
		if task.Complete() {
			row.Complete++
			row.add(int64(task.End.Time() - task.Start.Time()))
		}
	}
	return sortedDurations(tasks)
}

func durationsOf(rows map[string]*durations, name string) *durations {
	return entry(rows, name, func() *durations { return &durations{Name: name} })
}

func (d *durations) add(ns int64) {
	d.each = append(d.each, ns)
	d.TotalNs += ns
}

func sortedDurations(rows map[string]*durations) []durations {
	for _, d := range rows {
		n := len(d.each)
		if n == 0 {
			continue
		}
		slices.Sort(d.each)
		quantile := func(q float64) int64 { return d.each[min(n-1, int(q*float64(n)))] }
		d.MinNs, d.MaxNs = d.each[0], d.each[n-1]
		d.P50Ns, d.P99Ns = quantile(0.50), quantile(0.99)
	}
	sorted := byName(rows)
	if sorted == nil {
		sorted = []durations{} // an empty list in the JSON, where ranges and goroutines say null
	}
	return sorted
}

func entry[T any](rows map[string]*T, name string, fresh func() *T) *T {
	row := rows[name]
	if row == nil {
		row = fresh()
		rows[name] = row
	}
	return row
}

func byName[T any](rows map[string]*T) []T {
	var sorted []T
	for _, name := range slices.Sorted(maps.Keys(rows)) {
		sorted = append(sorted, *rows[name])
	}
	return sorted
}
