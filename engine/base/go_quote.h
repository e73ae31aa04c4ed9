// Text quoted the way Go's %q and strconv.Quote do it.
#pragma once

#include <string>
#include <string_view>

namespace gtengine {

// Appends `text` in double quotes to `out`: printable runes as they are, others escaped, bytes that
// are no UTF-8 as \xNN. What is printable is what Go 1.27 says (Unicode 17). Amortised O(length).
void AppendGoQuoted(std::string_view text, std::string& out);

// Whether Go 1.27's strconv.IsPrint accepts the rune.
bool IsPrintableRune(char32_t rune);

}  // namespace gtengine
