// A report's state as bytes and back, by its fields (engine/analysis/fields.h). docs/partials.md
// has the rules that make the messages from the fields.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <protozero/pbf_writer.hpp>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "engine/analysis/distribution.h"
#include "engine/analysis/exemplar.h"
#include "engine/analysis/fields.h"
#include "engine/columns/stack_table.h"
#include "engine/reports/field_reader.h"
#include "engine/reports/partial_codec.h"

namespace gtengine {

// How many values an enum has that is no id (engine/base/ids.h): a reader refuses others.
template <class Enum>
inline constexpr std::uint64_t kEnumLimit = 0;

namespace state_codec {

using Tag = protozero::pbf_tag_type;

enum EntryField : Tag { kKey = 1, kValue = 2 };

template <class T>
inline constexpr bool kIsNumber = std::is_integral_v<T> || std::is_enum_v<T>;
template <class T>
inline constexpr bool kIsMessage = HasFields<T> || IsArray<T>::value;
template <class T>
inline constexpr bool kRepeats = IsMap<T>::value || IsTopK<T>::value;

// Calls visit(tag, field) for the fields of a message: those of a struct, or the items of an array.
template <class T, class Visit>
void ForEachTag(T& message, Visit visit) {
  Tag tag = 1;
  if constexpr (IsArray<std::remove_const_t<T>>::value) {
    for (auto& item : message) visit(tag++, item);
  } else {
    ForEachField<std::remove_const_t<T>>([&](auto member) { visit(tag++, message.*member); });
  }
}

// Tells `numbers` all strings and stacks of a field.
template <class T>
void AddContent(const T& field, const TraceTables& tables, ContentNumbers& numbers) {
  if constexpr (std::is_same_v<T, StringRef>) {
    if (field != kEmptyString) numbers.AddString(tables.strings.Get(field));
  } else if constexpr (std::is_same_v<T, StackRef>) {
    numbers.AddStack(field);
  } else if constexpr (kIsMessage<T>) {
    ForEachTag(field, [&](Tag, const auto& part) { AddContent(part, tables, numbers); });
  } else if constexpr (IsMap<T>::value) {
    for (const auto& [key, value] : field) {
      AddContent(key, tables, numbers);
      AddContent(value, tables, numbers);
    }
  }
}

class Writer {
 public:
  Writer(const TraceTables& tables, const ContentNumbers& numbers)
      : tables_(tables), numbers_(numbers) {}

  // One field; nothing when it is 0, empty, or a message without fields.
  template <class T>
  void Write(protozero::pbf_writer& message, Tag tag, const T& field) const {
    if constexpr (std::is_same_v<T, StringRef>) {
      Write(message, tag, std::uint64_t{numbers_.StringNumber(tables_.strings.Get(field))});
    } else if constexpr (std::is_same_v<T, StackRef>) {
      const auto frames = numbers_.StackNumbers(field);
      if (!frames.empty()) message.add_packed_uint32(tag, frames.begin(), frames.end());
    } else if constexpr (std::is_same_v<T, std::string>) {
      if (!field.empty()) message.add_bytes(tag, field);
    } else if constexpr (std::is_same_v<T, Uint128>) {
      if (field == 0) return;
      protozero::packed_field_uint64 halves(message, tag);
      halves.add_element(static_cast<std::uint64_t>(field));
      halves.add_element(static_cast<std::uint64_t>(field >> 64));
    } else if constexpr (std::is_same_v<T, Greatest>) {
      Write(message, tag, field.value());
    } else if constexpr (std::is_same_v<T, Distribution>) {
      WriteDistribution(message, tag, field);
    } else if constexpr (kIsNumber<T>) {
      WriteNumber(message, tag, field);
    } else if constexpr (IsTopK<T>::value) {
      for (const auto& item : field.Sorted()) message.add_message(tag, Message(item));
    } else if constexpr (IsMap<T>::value) {
      WriteMap(message, tag, field);
    } else {
      const std::string bytes = Message(field);
      if (!bytes.empty()) message.add_message(tag, bytes);
    }
  }

 private:
  template <class T>
  static void WriteNumber(protozero::pbf_writer& message, Tag tag, const T& number) {
    if constexpr (std::is_enum_v<T>) {
      WriteNumber(message, tag, static_cast<std::underlying_type_t<T>>(number));
    } else if (number == 0) {
      return;
    } else if constexpr (std::is_signed_v<T>) {
      message.add_sint64(tag, number);
    } else {
      message.add_uint64(tag, number);
    }
  }

  // In ascending order of the keys' bytes, which depend on content alone.
  template <class Map>
  void WriteMap(protozero::pbf_writer& message, Tag tag, const Map& map) const {
    std::vector<std::pair<std::string, const typename Map::mapped_type*>> entries;
    for (const auto& [key, value] : map) entries.emplace_back(KeyMessage(key), &value);
    std::sort(entries.begin(), entries.end());
    for (const auto& [key, value] : entries) {
      protozero::pbf_writer entry(message, tag);
      entry.add_message(kKey, key);
      Write(entry, kValue, *value);
    }
  }

  template <class Key>
  std::string KeyMessage(const Key& key) const {
    if constexpr (kIsMessage<Key>) {
      return Message(key);
    } else {
      std::string bytes;
      protozero::pbf_writer message(bytes);
      Write(message, 1, key);
      return bytes;
    }
  }

  template <class T>
  std::string Message(const T& field) const {
    std::string bytes;
    protozero::pbf_writer message(bytes);
    ForEachTag(field, [&](Tag tag, const auto& part) { Write(message, tag, part); });
    return bytes;
  }

  const TraceTables& tables_;
  const ContentNumbers& numbers_;
};

// Reads fields into tables that a ContentReader has filled: refs are numbers there. Throws
// BadPartial or what protozero throws; never reserves more than the bytes that it has seen account
// for.
class Reader {
 public:
  Reader(TraceTables& tables, const ContentReader& content) : tables_(tables), content_(content) {}

  // The message into a field that is new.
  template <class T>
  void ReadMessage(std::string_view bytes, T& to) const {
    SetNumbersToZero(to);
    FieldReader fields(bytes, RepeatedTags<T>(1));
    LastKeys<T> last_keys;
    while (fields.Next()) {
      if (!TakeField(fields, 1, to, last_keys)) RefuseUnknownField();
    }
  }

  // The last keys of each map among the fields of T, by place: keys must ascend.
  template <class T>
  static constexpr std::size_t FieldCount() {
    if constexpr (IsArray<T>::value) {
      return std::tuple_size_v<T>;
    } else {
      return std::tuple_size_v<decltype(T::Fields())>;
    }
  }
  template <class T>
  using LastKeys = std::array<std::optional<std::string_view>, FieldCount<T>()>;

  // The bits of those fields that may come more than once, when the first has the tag `first_tag`.
  template <class T>
  static std::uint32_t RepeatedTags(Tag first_tag) {
    std::uint32_t tags = 0;
    static_assert(FieldCount<T>() < 24);
    if constexpr (!IsArray<T>::value) {
      Tag tag = first_tag;
      ForEachField<T>([&](auto member) {
        using Field = std::remove_cvref_t<decltype(std::declval<T&>().*member)>;
        if (kRepeats<Field>) tags |= 1u << tag;
        ++tag;
      });
    }
    return tags;
  }

  // The field that the reader is at, when it is one of T's; the first has the tag `first_tag`.
  template <class T>
  bool TakeField(FieldReader& fields, Tag first_tag, T& to, LastKeys<T>& last_keys) const {
    bool found = false;
    ForEachTag(to, [&](Tag tag, auto& field) {
      if (found || fields.tag() != tag - 1 + first_tag) return;
      found = true;
      Take(fields, field, last_keys[tag - 1]);
    });
    return found;
  }

  // A number that is 0 is not written, whatever a new field has instead.
  template <class T>
  static void SetNumbersToZero(T& field) {
    if constexpr (kIsNumber<T>) {
      field = static_cast<T>(0);
    } else if constexpr (kIsMessage<T>) {
      ForEachTag(field, [](Tag, auto& part) { SetNumbersToZero(part); });
    }
  }

 private:
  template <class T>
  void Take(FieldReader& fields, T& field, std::optional<std::string_view>& last_key) const {
    if constexpr (std::is_same_v<T, StringRef>) {
      field = content_.StringOf(fields.Uint64());
    } else if constexpr (std::is_same_v<T, StackRef>) {
      std::vector<FrameRef> frames;
      for (const std::uint64_t number : fields.PackedUint64()) {
        frames.push_back(content_.FrameOf(number));
      }
      field = tables_.stacks.InternStack(frames);
    } else if constexpr (std::is_same_v<T, std::string>) {
      field = fields.Bytes();
    } else if constexpr (std::is_same_v<T, Uint128>) {
      field = TakeHalves(fields);
    } else if constexpr (std::is_same_v<T, Greatest>) {
      field = Greatest(fields.Uint64());
    } else if constexpr (std::is_same_v<T, Distribution>) {
      field = ReadDistribution(fields.Bytes());
    } else if constexpr (kIsNumber<T>) {
      field = TakeNumber<T>(fields);
    } else if constexpr (IsTopK<T>::value) {
      if (field.size() == field.k()) throw BadPartial("a list is too long");
      Exemplar item;
      ReadMessage(fields.Bytes(), item);
      if (item.length_ns < 0) throw BadPartial("a length is negative");
      field.Add(std::move(item));
    } else if constexpr (IsMap<T>::value) {
      TakeEntry(fields.Bytes(), field, last_key);
    } else {
      ReadMessage(fields.Bytes(), field);
    }
  }

  template <class T>
  static T TakeNumber(FieldReader& fields) {
    if constexpr (std::is_enum_v<T>) {
      const auto number = TakeNumber<std::underlying_type_t<T>>(fields);
      if constexpr (sizeof(T) < sizeof(std::uint64_t)) {
        static_assert(kEnumLimit<T> > 0, "tell how many values it has");
        if (number >= kEnumLimit<T>) throw BadPartial("a number is too great");
      }
      return static_cast<T>(number);
    } else if constexpr (std::is_signed_v<T>) {
      static_assert(sizeof(T) == sizeof(std::int64_t));
      return fields.Sint64();
    } else {
      const std::uint64_t number = fields.Uint64();
      if (number > std::numeric_limits<T>::max()) throw BadPartial("a number is too great");
      return static_cast<T>(number);
    }
  }

  static Uint128 TakeHalves(FieldReader& fields) {
    std::array<std::uint64_t, 2> halves{};
    std::size_t count = 0;
    for (const std::uint64_t half : fields.PackedUint64()) {
      if (count == halves.size()) throw BadPartial("a sum is too long");
      halves[count++] = half;
    }
    return (Uint128{halves[1]} << 64) | halves[0];
  }

  template <class Map>
  void TakeEntry(std::string_view bytes, Map& map,
                 std::optional<std::string_view>& last_key) const {
    FieldReader entry(bytes);
    if (!entry.Next() || entry.tag() != kKey) throw BadPartial("an entry has no key");
    const std::string_view key_bytes = entry.Bytes();
    if (last_key && key_bytes <= *last_key) throw BadPartial("keys are out of order");
    last_key = key_bytes;
    typename Map::key_type key{};
    SetNumbersToZero(key);
    if constexpr (kIsMessage<typename Map::key_type>) {
      ReadMessage(key_bytes, key);
    } else {
      FieldReader fields(key_bytes);
      std::optional<std::string_view> none;
      while (fields.Next()) {
        if (fields.tag() != 1) RefuseUnknownField();
        Take(fields, key, none);
      }
    }
    const auto [place, is_new] = map.try_emplace(std::move(key));
    if (!is_new) throw BadPartial("a key comes twice");
    SetNumbersToZero(place->second);
    if (!entry.Next()) return;
    if (entry.tag() != kValue) RefuseUnknownField();
    std::optional<std::string_view> none;
    Take(entry, place->second, none);
    if (entry.Next()) RefuseUnknownField();
  }

  TraceTables& tables_;
  const ContentReader& content_;
};

}  // namespace state_codec

// The bytes of a partial: its name, version, strings and frames, and the fields of its state.
template <class State>
std::string SerializeState(std::string_view report, std::uint32_t version, const State& state,
                           const TraceTables& tables) {
  ContentNumbers numbers(tables);
  state_codec::AddContent(state, tables, numbers);
  numbers.Seal();
  std::string bytes;
  protozero::pbf_writer message(bytes);
  message.add_string(kReportField, report.data(), report.size());
  message.add_uint32(kVersionField, version);
  numbers.Write(message);
  const state_codec::Writer writer(tables, numbers);
  state_codec::ForEachTag(state, [&](state_codec::Tag tag, const auto& field) {
    writer.Write(message, tag - 1 + kFirstOfReport, field);
  });
  return bytes;
}

// Reads what SerializeState wrote into a new state and new tables. Safe on any bytes.
template <class State>
Status ParseState(std::string_view report, std::uint32_t version, std::string_view bytes,
                  State& state, TraceTables& tables) {
  return GuardedParse(report, [&]() -> Status {
    using state_codec::Reader;
    FieldReader fields(bytes, (1u << kStringField) | (1u << kFrameField) |
                                  Reader::RepeatedTags<State>(kFirstOfReport));
    if (!fields.Next() || fields.tag() != kReportField || fields.Bytes() != report) {
      throw BadPartial("it is of another report");
    }
    if (!fields.Next() || fields.tag() != kVersionField) throw BadPartial("it has no version");
    if (const std::uint64_t found = fields.Uint64(); found != version) {
      return UnknownPartialVersion(report, found, version);
    }
    ContentReader content(tables);
    const Reader reader(tables, content);
    Reader::LastKeys<State> last_keys;
    Reader::SetNumbersToZero(state);
    while (fields.Next()) {
      if (fields.tag() == kStringField) {
        content.ReadString(fields.Bytes());
      } else if (fields.tag() == kFrameField) {
        content.ReadFrame(fields.Bytes());
      } else if (!reader.TakeField(fields, kFirstOfReport, state, last_keys)) {
        RefuseUnknownField();
      }
    }
    return {};
  });
}

}  // namespace gtengine
