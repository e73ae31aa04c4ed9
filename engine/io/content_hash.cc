#include "engine/io/content_hash.h"

#include <xxhash.h>

namespace gtengine::io {

ContentHash HashContent(ByteView bytes) {
  const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
  return {.high = hash.high64, .low = hash.low64};
}

}  // namespace gtengine::io
