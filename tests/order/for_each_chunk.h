// A trace's events in order, whichever of the formats it has.
#pragma once

#include <utility>

#include "engine/base/byte_view.h"
#include "engine/base/result.h"
#include "engine/order/event_stream.h"
#include "engine/order/legacy_stream.h"
#include "engine/wire/header.h"
#include "engine/wire/v1/trace_index.h"

namespace gtengine::testing {

// Shows each chunk of the stream to `take`, up to its end or the error that comes back.
template <class Stream, class Take>
Status ForEachChunkOf(Stream& stream, Take take) {
  while (true) {
    auto chunk = stream.Next();
    if (!chunk.ok()) return std::move(chunk).error();
    if (chunk->events.empty()) return {};
    take(*chunk);
  }
}

// Likewise of a trace.
template <class Take>
Status ForEachChunk(PaddedView trace, Take take) {
  auto version = wire::ReadHeader(trace.bytes());
  if (!version.ok()) return std::move(version).error();
  if (!wire::IsLegacy(*version)) {
    order::StrictSource source(trace, *version);
    order::EventStream stream(trace, source);
    return ForEachChunkOf(stream, take);
  }
  auto counts = wire::v1::CountRecords(trace, *version);
  if (!counts.ok()) return std::move(counts).error();
  order::LegacyStream stream(trace, *version, *counts);
  for (bool is_ready = false; !is_ready;) {
    auto prepared = stream.Prepare();
    if (!prepared.ok()) return std::move(prepared).error();
    is_ready = *prepared;
  }
  return ForEachChunkOf(stream, take);
}

}  // namespace gtengine::testing
