// Profiles for `go tool pprof`.
#pragma once

#include <string>

#include "engine/analysis/document.h"

namespace gtengine {

// The profile as a gzipped profile.proto (github.com/google/pprof/proto/profile.proto). The same
// profile gives the same bytes (with the same zlib). Values and lines beyond the signed 64-bit
// range become its ends; texts are made printable (display_text.h). There are no addresses and
// mappings: a location is a function, a file and a line.
std::string RenderPprof(const Profile& profile);

}  // namespace gtengine
