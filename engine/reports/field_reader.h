// Strict reading of the protobuf messages of serialized partials.
//
// Protozero tells bad bytes by exceptions, and so does this, to keep the codecs readable. They
// never leave a report's parse function: it calls GuardedParse.
#pragma once

#include <cstdint>
#include <exception>
#include <protozero/exception.hpp>
#include <protozero/pbf_reader.hpp>
#include <string>
#include <string_view>

#include "engine/base/error.h"
#include "engine/base/result.h"

namespace gtengine {

// What is wrong with the bytes; `what` is a literal.
class BadPartial : public std::exception {
 public:
  explicit BadPartial(const char* what) : what_(what) {}
  const char* what() const noexcept override { return what_; }

 private:
  const char* what_;
};

// The fields of one message, which must come in ascending order of their tags, each at most once
// unless its bit is set in `repeated_tags`. Borrows the bytes. Everything throws on bytes that are
// not so.
class FieldReader {
 public:
  explicit FieldReader(std::string_view bytes, std::uint32_t repeated_tags = 0)
      : reader_(bytes.data(), bytes.size()), repeated_tags_(repeated_tags) {}

  // Goes to the next field; false after the last. The field's value must then be taken once.
  bool Next() {
    if (!reader_.next()) return false;
    const std::uint32_t tag = reader_.tag();
    const bool may_repeat = tag < 32 && ((repeated_tags_ >> tag) & 1) != 0;
    if (tag < tag_ || (tag == tag_ && !may_repeat)) throw BadPartial("fields out of order");
    tag_ = tag;
    return true;
  }
  std::uint32_t tag() const { return tag_; }

  std::uint64_t Uint64() {
    Expect(protozero::pbf_wire_type::varint);
    return reader_.get_uint64();
  }
  std::uint32_t Uint32() {
    const std::uint64_t value = Uint64();
    if (value > 0xffffffffu) throw BadPartial("a number is too great");
    return static_cast<std::uint32_t>(value);
  }
  std::int64_t Sint64() {
    Expect(protozero::pbf_wire_type::varint);
    return reader_.get_sint64();
  }
  // Lives as long as the bytes.
  std::string_view Bytes() {
    Expect(protozero::pbf_wire_type::length_delimited);
    const protozero::data_view view = reader_.get_view();
    return {view.data(), view.size()};
  }
  auto PackedUint64() {
    Expect(protozero::pbf_wire_type::length_delimited);
    return reader_.get_packed_uint64();
  }

 private:
  void Expect(protozero::pbf_wire_type type) const {
    if (reader_.wire_type() != type) throw BadPartial("a field is of another type");
  }

  protozero::pbf_reader reader_;
  std::uint32_t repeated_tags_;
  std::uint32_t tag_ = 0;  // protozero's own is lost in debug builds once the value is taken
};

// Throws for a field that the version read does not have.
[[noreturn]] inline void RefuseUnknownField() { throw BadPartial("a field is unknown"); }

// What `parse()` returns, or the Error that its exception tells. `report` begins the message.
template <class Parse>
auto GuardedParse(std::string_view report, Parse parse) -> decltype(parse()) {
  const auto error = [&](ErrorCode code, const char* what) {
    Error bad;
    bad.code = code;
    bad.what = std::string(report) + " partial: " + what;
    return bad;
  };
  try {
    return parse();
  } catch (const BadPartial& bad) {
    return error(ErrorCode::kCorrupt, bad.what());
  } catch (const protozero::end_of_buffer_exception&) {
    return error(ErrorCode::kTruncated, "the bytes end in the middle of a field");
  } catch (const protozero::exception& bad) {
    return error(ErrorCode::kCorrupt, bad.what());
  }
}

}  // namespace gtengine
