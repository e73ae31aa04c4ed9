//go:build go1.23

// Coro compares trees with pull iterators. Each iterator is a coroutine: control goes to it and back by
// a direct switch between two goroutines, without the scheduler. Some are abandoned half way.
package main

import (
	"iter"
	"sync"
	"time"

	"corpus/programs/internal/capture"
)

//corpus:service chat

type tree struct {
	left, right *tree
	key         int
}

func (t *tree) insert(key int) *tree {
	if t == nil {
		return &tree{key: key}
	}
	if key < t.key {
		t.left = t.left.insert(key)
	} else {
		t.right = t.right.insert(key)
	}
	return t
}

func (t *tree) keys() iter.Seq[int] {
	return func(yield func(int) bool) { t.walk(yield) }
}

func (t *tree) walk(yield func(int) bool) bool {
	return t == nil || t.left.walk(yield) && yield(t.key) && t.right.walk(yield)
}

// sameKeys walks both trees in step and stops at the first difference.
func sameKeys(a, b *tree) bool {
	nextA, stopA := iter.Pull(a.keys())
	defer stopA()
	nextB, stopB := iter.Pull(b.keys())
	defer stopB()
	for {
		keyA, okA := nextA()
		keyB, okB := nextB()
		if keyA != keyB || okA != okB {
			return false
		}
		if !okA {
			return true
		}
	}
}

func main() {
	c := capture.Flags()
	c.Trace(func() {
		over := c.Deadline()
		var done sync.WaitGroup
		for worker := range 4 {
			done.Add(1)
			go func() {
				defer done.Done()
				random := capture.Random(worker)
				for !over() {
					var a, b *tree
					for range 40 {
						key := random.IntN(1000)
						a, b = a.insert(key), b.insert(key)
					}
					if random.IntN(2) == 0 {
						b = b.insert(random.IntN(1000))
					}
					sameKeys(a, b)
					time.Sleep(3 * time.Millisecond)
				}
			}()
		}
		done.Wait()
	})
}
