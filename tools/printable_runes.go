// Prints the ranges of runes that strconv.IsPrint accepts, as rows of a C++ table.
package main

import (
	"fmt"
	"runtime"
	"strconv"
	"unicode"
)

func main() {
	fmt.Printf("// go %s, Unicode %s\n", runtime.Version(), unicode.Version)
	n, begin := 0, rune(-1)
	for r := rune(0); r <= 0x110000; r++ {
		is := r <= 0x10FFFF && strconv.IsPrint(r)
		if is && begin < 0 {
			begin = r
		}
		if !is && begin >= 0 {
			if n%5 == 0 && n > 0 {
				fmt.Println()
			}
			fmt.Printf("{%#x, %#x}, ", begin, r-1)
			n++
			begin = -1
		}
	}
	fmt.Println()
}
