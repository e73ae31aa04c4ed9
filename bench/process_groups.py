"""The suite's groups of whole processes: ours beside Go's, on more threads, on more input."""

import hashlib
import json

import go_tools
import machine
import processes
import spread
from inputs import Input
from processes import Contestant
from results import Column, Section
from stored_inputs import stored_inputs

MEMORY_LIMIT = "512M"
READ, DECODE, ORDER, SCAN = "read() alone", "decode", "events in Go's order", "scan, sched report"
SCAN_ALL = "scan, all reports"
GO_READER, GO_TRACE = "Go's reader", "go tool trace -pprof=sched"

COLUMNS = [
    Column("input", "input", "text"),
    Column("name", "process", "text"),
    Column("wall_seconds", "wall", "seconds"),
    Column("cpu_seconds", "user + sys", "seconds"),
    Column("events_per_second", "events/s of wall", "events/s"),
    Column("bytes_per_second", "bytes/s of wall", "bytes/s"),
    Column("ns_per_event", "ns of CPU/event", "ns"),
    Column("resident_bytes", "peak RSS", "bytes"),
    Column("anonymous_bytes", "peak RssAnon", "bytes"),
    Column("spread", "spread of wall", "share"),
    Column("others", "taken by others", "share"),
]


def scan(suite, source, threads=None, compat=False, memory=None, name=SCAN):
    """`gtengine scan`, all of it; without `threads` on all cores."""
    report = "all" if name == SCAN_ALL else "sched"
    command = [suite.program, "scan", "--report", report, "--format", "json", "--quiet"]
    if threads is not None:
        command += ["--threads", threads]
    if compat:
        command += ["--compat", "go-tool-trace"]
    if memory is not None:
        command += ["--memory", memory]
    answer = all_answer if name == SCAN_ALL else compat_answer if compat else scan_answer
    return Contestant(
        name,
        [str(part) for part in [*command, *source.arguments()]],
        answer,
        one_core=threads == 1,
    )


def overall(printed):
    reports = {report["report"]: report for report in json.loads(printed)["reports"]}
    rows = reports["sched"]["tables"]["overall"]["rows"]
    waits = (rows[0]["count"], rows[0]["total_ns"]) if rows else (0, 0)
    return reports["corpus"]["facts"]["events"]["value"], waits


def scan_answer(printed):
    events, waits = overall(printed)
    return {"events": events, "waits": waits, "document": hashlib.sha256(printed).hexdigest()}


def all_answer(printed):
    events, waits = overall(printed)
    return {"events": events, "waits": waits}


def compat_answer(printed):
    events, waits = overall(printed)
    return {"events": events, "waits as go tool trace counts": waits}


def trace_pass(suite, source, stage, name):
    return Contestant(
        name,
        [suite.build / "bench/trace_pass", stage, *source.paths],
        (lambda printed: {"events": total(printed)}) if stage == "order" else (lambda printed: {}),
        one_core=True,
    )


def total(printed):
    return sum(int(line) for line in printed.split())


def go_reader(suite, source):
    return Contestant(
        GO_READER,
        [suite.go.goref, "-count", *source.paths],
        go_tools.count_answer,
        one_core=True,
    )


def go_trace(suite, source):
    return Contestant(
        GO_TRACE,
        [suite.go.trace_program, "-pprof=sched", *source.paths],
        go_tools.profile_answer,
    )


def measure(suite, section, source, contestants):
    """Races the contestants, looks at their memory, and adds a row each: their usages by name."""
    suite.say(f"{section.id}: {source.name}, {suite.repetitions + 1} rounds")
    bystanders = machine.Bystanders()
    usages = processes.race(contestants, suite.repetitions)
    others = bystanders.share()
    events = next((u[0].answer["events"] for u in usages.values() if "events" in u[0].answer), None)
    for contestant in contestants:
        memory = processes.peak_memory(contestant)
        each = usages[contestant.name]
        section.rows.append(row(source, contestant.name, each, events, memory, others))
    if not source.fits_page_cache():
        section.notes.append(f"{source.name} is larger than the page cache: read from disk.")
    return usages


def row(source, name, usages, events, memory, others):
    wall = spread.spread([usage.wall_seconds for usage in usages])
    cpu_seconds = spread.spread([usage.cpu_seconds for usage in usages]).median
    return {
        "input": source.name,
        "name": name,
        "input_bytes": source.size_bytes,
        "input_files": len(source.paths),
        "events": events,
        "wall_seconds": wall.median,
        "cpu_seconds": cpu_seconds,
        "events_per_second": events / wall.median if events else None,
        "bytes_per_second": source.size_bytes / wall.median,
        "ns_per_event": cpu_seconds / events * 1e9 if events else None,
        "resident_bytes": memory.resident or None,
        "anonymous_bytes": memory.anonymous or None,
        "spread": wall.relative(),
        "others": others,
    }


def cpu(usages):
    return [usage.cpu_seconds for usage in usages]


def wall(usages):
    return [usage.wall_seconds for usage in usages]


def start_section(suite, identity, title):
    section = Section(identity, title, COLUMNS)
    suite.results.sections.append(section)
    return section


def run_reader(suite):
    """Ours on one core beside Go's reader on one core."""
    section = start_section(suite, "reader", "Beside Go's reader: whole processes, one core each")
    for source in suite.reader_inputs():
        contestants = [
            trace_pass(suite, source, "read", READ),
            trace_pass(suite, source, "decode", DECODE),
            trace_pass(suite, source, "order", ORDER),
            scan(suite, source, threads=1),
            scan(suite, source, threads=1, name=SCAN_ALL),
        ]
        if suite.go is not None:
            contestants.append(go_reader(suite, source))
        usages = measure(suite, section, source, contestants)
        suite.results.add_ratio(
            f"reader/{source.name}/all reports",
            f"{source.name}, one core: CPU of all reports over the sched report",
            cpu(usages[SCAN_ALL]),
            cpu(usages[SCAN]),
        )
        if suite.go is None:
            continue
        for ours in (ORDER, SCAN):
            suite.results.add_ratio(
                f"reader/{source.name}/{ours}",
                f"{source.name}, one core: CPU of Go's reader over {ours}",
                cpu(usages[GO_READER]),
                cpu(usages[ours]),
            )


def run_go_tool(suite):
    """Ours on all cores beside `go tool trace -pprof=sched`, which takes one file."""
    if suite.go is None:
        return
    section = start_section(
        suite, "go_tool", f"Beside {GO_TRACE}: whole processes, all {suite.cores} cores"
    )
    largest = max(suite.real, key=lambda path: path.stat().st_size)
    sources = [Input(suite.name_of(largest), [largest])]
    if suite.generator is not None:
        path = suite.generated("go_tool", suite.go_tool_bytes)
        sources.append(Input(suite.generated_name(path), [path]))
    for source in sources:
        usages = measure(
            suite, section, source, [scan(suite, source, compat=True), go_trace(suite, source)]
        )
        suite.results.add_ratio(
            f"go_tool/{source.name}",
            f"{source.name}, {suite.cores} cores: wall of {GO_TRACE} over {SCAN}",
            wall(usages[GO_TRACE]),
            wall(usages[SCAN]),
        )


def run_threads(suite):
    """One thread beside more of them, over many files and inside a single one."""
    section = start_section(suite, "threads", "Threads: whole processes")
    counts = sorted({1, 2, suite.cores})
    sources = suite.large_inputs()
    sources.append(suite.many_files(suite.files) if suite.generator else suite.corpus_input())
    labels = {count: f"{count} threads" if count > 1 else "1 thread" for count in counts}
    for source in sources:
        contestants = [
            # Not kept on one core: with one thread, too, all are there.
            Contestant(labels[count], scan(suite, source, threads=count).command, scan_answer)
            for count in counts
        ]
        usages = measure(suite, section, source, contestants)
        for count in counts[1:]:
            suite.results.add_ratio(
                f"threads/{source.name}/{count}",
                f"{source.name}: wall of one thread over {labels[count]}, same bytes out",
                wall(usages[labels[1]]),
                wall(usages[labels[count]]),
            )


def run_compressed(suite):
    """What expanding costs: the same traces, stored in several ways, on one core."""
    section = start_section(suite, "compressed", "Compressed files and archives: scan, one core")
    source = suite.real_input()
    stored = stored_inputs(source, suite.stored_folder)
    contestants = [
        Contestant(one.name, scan(suite, one, threads=1).command, all_answer, one_core=True)
        for one in stored
    ]
    usages = measure(suite, section, source, contestants)
    for one in stored[1:]:
        suite.results.add_ratio(
            f"compressed/{one.name}",
            f"{source.name}, one core: CPU of {one.name} ({one.size_bytes / source.size_bytes:.0%} of "
            "the bytes) over plain files",
            cpu(usages[one.name]),
            cpu(usages[stored[0].name]),
        )


def run_scaling(suite):
    """Cost an event and memory as one file, and as the number of files, grows."""
    if suite.generator is None:
        return
    section = start_section(
        suite, "scaling", f"Growth: scan on one core within --memory {MEMORY_LIMIT}"
    )
    sizes = suite.sizes()
    measure_growth(
        suite, section, [suite.generated_input(size) for size in sizes], "from the smallest file"
    )
    sources = [suite.many_files(count) for count in suite.file_counts()]
    measure_growth(suite, section, sources, "from the fewest files")


def measure_growth(suite, section, sources, what):
    """Rounds go over all inputs, so that each is paired with the first."""
    contestants = [
        scan(suite, source, threads=1, memory=MEMORY_LIMIT, name=source.name) for source in sources
    ]
    for contestant in contestants:
        # Each input has an answer of its own: nothing to hold against the others.
        contestant.read_answer = lambda printed, of=contestant.name: {of: scan_answer(printed)}
    suite.say(f"growth: {len(sources)} inputs, {suite.repetitions + 1} rounds")
    bystanders = machine.Bystanders()
    usages = processes.race(contestants, suite.repetitions)
    others = bystanders.share()
    costs = []
    for source, contestant in zip(sources, contestants):
        each = usages[contestant.name]
        events = each[0].answer[contestant.name]["events"]
        memory = processes.peak_memory(contestant)
        section.rows.append(row(source, SCAN, each, events, memory, others))
        costs.append([seconds / events for seconds in cpu(each)])
    if len(costs) > 1:
        suite.results.add_ratio(
            f"scaling/{sources[-1].name}",
            f"{what} to {sources[-1].name}: CPU an event, last over first",
            costs[-1],
            costs[0],
        )
