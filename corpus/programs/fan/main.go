// Fan starts thousands of goroutines in waves. Those of a wave share a lock, hand each other values over
// channels, choose in a select, and end: many goroutines, short lives, every kind of waiting for a peer.
package main

import (
	"sync"
	"time"

	"corpus/programs/internal/capture"
)

//corpus:service chat

const (
	rooms   = 25
	members = 80
)

// room lets its members talk: each sends a word to a neighbour and takes one, until told to leave.
func room(number int, leave <-chan struct{}) {
	random := capture.Random(number)
	var tally struct {
		sync.Mutex
		words int
	}
	seats := make([]chan int, members)
	for i := range seats {
		seats[i] = make(chan int, i%2)
	}
	var done sync.WaitGroup
	for seat := range members {
		word, patience := random.IntN(100), time.Duration(random.IntN(3000))*time.Microsecond
		done.Add(1)
		go func() {
			defer done.Done()
			select {
			case seats[(seat+1)%members] <- word:
			case heard := <-seats[seat]:
				tally.Lock()
				tally.words += heard
				tally.Unlock()
			case <-time.After(patience):
			case <-leave:
			}
		}()
	}
	done.Wait()
}

func main() {
	c := capture.Flags()
	c.Trace(func() {
		over := c.Deadline()
		for wave := 0; !over(); wave++ {
			leave := make(chan struct{})
			var done sync.WaitGroup
			for number := range rooms {
				done.Add(1)
				go func() { defer done.Done(); room(wave*rooms+number, leave) }()
			}
			time.Sleep(2 * time.Millisecond)
			close(leave)
			done.Wait()
			time.Sleep(c.For / 25)
		}
	})
}
