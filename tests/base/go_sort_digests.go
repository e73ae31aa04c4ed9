// Prints the digests that go_sort_test.cc expects, made by Go's own slices.SortFunc: one line a pattern
// of keys and a group of sizes. Run it as `go run tests/base/go_sort_digests.go`.
//
// An element is a key and its index before the sort. A digest is FNV-1a over, for each size of the
// group, the indexes after the sort and the number of comparisons.
package main

import (
	"cmp"
	"fmt"
	"slices"
)

type element struct{ key, index int64 }

// The patterns: the key of element i of n. `random` is a generator that starts anew for each n.
var patterns = []struct {
	name string
	key  func(i, n int64, random func() uint64) int64
}{
	{"equal", func(i, n int64, random func() uint64) int64 { return 7 }},
	{"increasing", func(i, n int64, random func() uint64) int64 { return i }},
	{"decreasing", func(i, n int64, random func() uint64) int64 { return n - i }},
	{"organ_pipe", func(i, n int64, random func() uint64) int64 { return min(i, n-i) }},
	{"valley", func(i, n int64, random func() uint64) int64 { return max(i, n-i) }},
	{"saw", func(i, n int64, random func() uint64) int64 { return i % 5 }},
	{"long_saw", func(i, n int64, random func() uint64) int64 { return i % (n/3 + 1) }},
	{"halves", func(i, n int64, random func() uint64) int64 { return (i + n/2) % n }},
	{"random", func(i, n int64, random func() uint64) int64 { return int64(random()) }},
	{"random_of_2", func(i, n int64, random func() uint64) int64 { return int64(random() % 2) }},
	{"random_of_10", func(i, n int64, random func() uint64) int64 { return int64(random() % 10) }},
	{"random_of_n", func(i, n int64, random func() uint64) int64 { return int64(random() % uint64(n)) }},
	{"nearly_sorted", func(i, n int64, random func() uint64) int64 {
		if random()%20 == 0 {
			return int64(random() % uint64(n))
		}
		return i
	}},
	{"pairs_out_of_order", func(i, n int64, random func() uint64) int64 { return i ^ 1 }},
	{"one_out_of_order", func(i, n int64, random func() uint64) int64 {
		if i == n/2 {
			return -1
		}
		return i
	}},
}

var groups = []struct {
	name  string
	sizes []int64
}{
	{"to_12", upTo(0, 12)},
	{"to_49", upTo(13, 49)},
	{"to_130", upTo(50, 130)},
	{"large", []int64{500, 1000, 1023, 1024, 5000, 20000}},
}

func upTo(from, to int64) (sizes []int64) {
	for n := from; n <= to; n++ {
		sizes = append(sizes, n)
	}
	return sizes
}

type digest uint64

func (d *digest) add(value int64) {
	for shift := 0; shift < 64; shift += 8 {
		*d = (*d ^ digest(byte(uint64(value)>>shift))) * 0x100000001b3
	}
}

func xorshift(state uint64) func() uint64 {
	return func() uint64 {
		state ^= state << 13
		state ^= state >> 7
		state ^= state << 17
		return state
	}
}

// An opponent that decides what the keys are only when it is asked, so that every pivot is a bad one
// (M. D. McIlroy, "A Killer Adversary for Quicksort"). It drives the sort into its heap sort.
type adversary struct {
	keys       []int64
	gas, solid int64
	candidate  int64
}

func newAdversary(n int64) *adversary {
	a := &adversary{keys: make([]int64, n), gas: n}
	for i := range a.keys {
		a.keys[i] = a.gas
	}
	return a
}

func (a *adversary) compare(x, y int64) int {
	if a.keys[x] == a.gas && a.keys[y] == a.gas {
		frozen := y
		if x == a.candidate {
			frozen = x
		}
		a.keys[frozen] = a.solid
		a.solid++
	}
	if a.keys[x] == a.gas {
		a.candidate = x
	} else if a.keys[y] == a.gas {
		a.candidate = y
	}
	return cmp.Compare(a.keys[x], a.keys[y])
}

func main() {
	for _, pattern := range patterns {
		for _, group := range groups {
			d := digest(0xcbf29ce484222325)
			for _, n := range group.sizes {
				random := xorshift(uint64(n)*2 + 1)
				elements := make([]element, n)
				for i := range elements {
					elements[i] = element{pattern.key(int64(i), n, random), int64(i)}
				}
				comparisons := int64(0)
				slices.SortFunc(elements, func(a, b element) int {
					comparisons++
					return cmp.Compare(a.key, b.key)
				})
				for _, e := range elements {
					d.add(e.index)
				}
				d.add(comparisons)
			}
			fmt.Printf("    {\"%s\", \"%s\", 0x%016x},\n", pattern.name, group.name, uint64(d))
		}
	}
	for _, group := range groups {
		d := digest(0xcbf29ce484222325)
		for _, n := range group.sizes {
			elements := make([]int64, n)
			for i := range elements {
				elements[i] = int64(i)
			}
			opponent := newAdversary(n)
			comparisons := int64(0)
			slices.SortFunc(elements, func(a, b int64) int {
				comparisons++
				return opponent.compare(a, b)
			})
			for _, e := range elements {
				d.add(e)
			}
			d.add(comparisons)
		}
		fmt.Printf("    {\"adversary\", \"%s\", 0x%016x},\n", group.name, uint64(d))
	}
}
