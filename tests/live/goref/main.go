// Command goref says what Go's own trace reader and summarizer make of one execution trace.
// The engine's answers are held against it. It imports internal/trace, which only the standard
// library and the go command may do, so it is built inside GOROOT: see build_goref.sh.
//
//	goref FILE            a JSON account of the trace: the fields of corpus/expected
//	goref -dump FILE      every event as text, a line break after each
//	goref -mmu FILE       the minimum mutator utilization: a line a set of flags, a number a window
//	goref -count FILE...  EVENTS<tab>ERROR of each, without looking into the events
//
// Wall clock times in the dump, and so in parsed_sha256, are in the zone of $TZ, UTC without one.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"internal/trace"
	"io"
	"log"
	"os"
	"strings"
	"time"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("goref: ")
	flag.Usage = func() {
		fmt.Fprintln(os.Stderr, "usage: goref [-dump | -mmu] FILE\n       goref -count FILE...")
		flag.PrintDefaults()
	}
	dump := flag.Bool("dump", false, "print every event instead; on an error exit with status 1")
	mmu := flag.Bool("mmu", false, "print the minimum mutator utilization instead")
	count := flag.Bool("count", false, "print the number of events and the error, if any, instead")
	flag.Parse()
	if flag.NArg() == 0 || flag.NArg() > 1 && !*count || *dump && *count {
		flag.Usage()
		os.Exit(2)
	}
	if os.Getenv("TZ") == "" {
		time.Local = time.UTC
	}
	show := printAccount
	switch {
	case *dump:
		show = printEvents
	case *mmu:
		show = printMMU
	case *count:
		show = printCount
	}
	for _, path := range flag.Args() {
		file, err := os.Open(path)
		if err == nil {
			err = show(file)
			file.Close()
		}
		if err != nil {
			log.Fatal(err)
		}
	}
}

func newReader(file io.Reader) (*trace.Reader, error) {
	return trace.NewReader(bufio.NewReaderSize(file, 1<<20))
}

// forEach shows every event of the trace to see. A nil error means that the trace was read to its end.
func forEach(file io.Reader, see func(*trace.Event)) error {
	reader, err := newReader(file)
	if err != nil {
		return err
	}
	return drain(reader, see)
}

func drain(reader *trace.Reader, see func(*trace.Event)) error {
	for {
		event, err := reader.ReadEvent()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		see(&event)
	}
}

func printEvents(file *os.File) error {
	out := bufio.NewWriterSize(os.Stdout, 1<<20)
	err := forEach(file, func(event *trace.Event) {
		out.WriteString(event.String())
		out.WriteByte('\n')
	})
	// What was read before the damage is part of the answer.
	if flushed := out.Flush(); err == nil {
		err = flushed
	}
	return err
}

func printCount(file *os.File) error {
	events := 0
	err := forEach(file, func(*trace.Event) { events++ })
	fmt.Printf("%d\t%s\n", events, firstLine(err))
	return nil
}

func printAccount(file *os.File) error {
	info, err := file.Stat()
	if err != nil {
		return err
	}
	survey := newSurvey()
	survey.Bytes = info.Size()
	survey.isLegacy = isLegacy(file)
	reader, err := newReader(file)
	if err == nil {
		err = drain(reader, survey.event)
		if err == nil {
			survey.settle()
		}
		survey.finish()
	}
	survey.Error = firstLine(err)
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	out.SetIndent("", " ")
	return out.Encode(survey.account)
}

// isLegacy says whether the trace is of a format before Go 1.22.
func isLegacy(file io.ReaderAt) bool {
	var head [16]byte
	var minor int
	file.ReadAt(head[:], 0)
	n, _ := fmt.Sscanf(string(head[:]), "go 1.%d trace", &minor)
	return n == 1 && minor < 22
}

func firstLine(err error) string {
	if err == nil {
		return ""
	}
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}
