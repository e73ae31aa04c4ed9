// Texts from traces on a terminal: names there may hold anything, a terminal obeys what it is told.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace gtengine {

// `text` as printable UTF-8: control characters (C0, DEL, C1), line and paragraph separators, marks
// that turn the direction of writing, and bytes that are not UTF-8 are shown as \x1b, one for each
// byte.
std::string Printable(std::string_view text);

// Columns that printable UTF-8 takes: one a code point. (Wide and combining characters are not told
// apart; they are rare in names of functions.)
std::size_t DisplayWidth(std::string_view printable);

// `printable` in at most `width` columns: what is too long loses its middle to "..", and keeps more
// of its end, where names and paths differ. Never splits a code point.
std::string Shortened(std::string_view printable, std::size_t width);

}  // namespace gtengine
