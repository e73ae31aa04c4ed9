// Web is a small shop: an HTTP server and its clients in one process. Each request is a task with
// regions for its steps and logs for what it found, so the trace has network waits, tasks that overlap
// on many goroutines, and a lock that the requests queue for.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime/trace"
	"sync"
	"time"

	"corpus/programs/internal/capture"
)

//corpus:service shop

const clients = 6

// stock is shared by all requests, behind one lock.
type stock struct {
	mu   sync.Mutex
	left map[int]int
}

func (s *stock) take(item int) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	time.Sleep(50 * time.Microsecond) // the lock is held for long enough to be waited for
	s.left[item]--
	return s.left[item]
}

func (s *stock) search(w http.ResponseWriter, r *http.Request) {
	ctx, task := trace.NewTask(r.Context(), "GET /search")
	defer task.End()
	words := r.URL.Query().Get("q")
	trace.Log(ctx, "query", words)
	var found []int
	trace.WithRegion(ctx, "scan", func() {
		for item := range 20_000 {
			if item*item%9973 == len(words) {
				found = append(found, item)
			}
		}
	})
	trace.WithRegion(ctx, "render", func() { json.NewEncoder(w).Encode(found) })
}

func (s *stock) buy(w http.ResponseWriter, r *http.Request) {
	ctx, task := trace.NewTask(r.Context(), "POST /buy")
	defer task.End()
	item := len(r.URL.RawQuery)
	var left int
	trace.WithRegion(ctx, "reserve", func() { left = s.take(item) })
	paid := make(chan bool)
	go func() {
		// A task of its own below the request's, ended on another goroutine than it began on.
		ctx, payment := trace.NewTask(ctx, "payment")
		trace.Logf(ctx, "payment", "item %d, %d left", item, left)
		time.Sleep(200 * time.Microsecond)
		go func() { payment.End(); paid <- true }()
	}()
	trace.WithRegion(ctx, "wait for payment", func() { <-paid })
	fmt.Fprintln(w, left)
}

func client(url string, worker int, over func() bool) {
	random := capture.Random(worker)
	get := func(path string) {
		response, err := http.Get(url + path)
		capture.Check(err)
		io.Copy(io.Discard, response.Body)
		response.Body.Close()
	}
	for !over() {
		if random.IntN(3) == 0 {
			get(fmt.Sprintf("/buy?item=%d", random.IntN(1000)))
		} else {
			get(fmt.Sprintf("/search?q=%x", random.Uint64()>>random.IntN(64)))
		}
		time.Sleep(time.Duration(random.IntN(2000)) * time.Microsecond)
	}
}

func main() {
	c := capture.Flags()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	capture.Check(err)
	shelves := &stock{left: map[int]int{}}
	mux := http.NewServeMux()
	mux.HandleFunc("/search", shelves.search)
	mux.HandleFunc("/buy", shelves.buy)
	http.DefaultTransport.(*http.Transport).MaxIdleConnsPerHost = clients

	c.Trace(func() {
		server := &http.Server{Handler: mux}
		go server.Serve(listener)
		over := c.Deadline()
		var done sync.WaitGroup
		for worker := range clients {
			done.Add(1)
			go func() {
				defer done.Done()
				client("http://"+listener.Addr().String(), worker, over)
			}()
		}
		done.Wait()
		capture.Check(server.Shutdown(context.Background()))
	})
}
