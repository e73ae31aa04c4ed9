#include "engine/io/tar_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string_view>
#include <utility>

namespace gtengine::io {
namespace {

constexpr std::uint64_t kMaxSpecialBytes = std::uint64_t{1} << 20;
constexpr int kMaxSpecials = 16;  // before one member
// Archives may follow one another; nobody pads by more.
constexpr int kEndMarkBlocks = 2;
constexpr int kMaxZeroBlocks = 2048;
// Far above every disk, and sums of two do not overflow.
constexpr std::uint64_t kMaxSize = std::uint64_t{1} << 60;

// Fields of a header: where they begin and how long they are (POSIX.1-1988 ustar; GNU's own).
struct Field {
  std::size_t offset;
  std::size_t size;
};
constexpr Field kName{0, 100};
constexpr Field kSize{124, 12};
constexpr Field kChecksum{148, 8};
constexpr std::size_t kType = 156;
constexpr Field kMagic{257, 5};
constexpr std::size_t kVersion = 263;  // "00" in ustar, a space in GNU archives
constexpr Field kPrefix{345, 155};
constexpr std::size_t kGnuSparseContinues = 482;
constexpr std::size_t kGnuSparseBlockContinues = 504;

ByteView Part(ByteView block, Field field) { return block.subspan(field.offset, field.size); }

// Up to the first zero.
std::string_view Text(ByteView bytes) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  return text.substr(0, text.find('\0'));
}

// Octal digits, with spaces or zeros around them; or, marked by the top bit, base 256.
std::optional<std::uint64_t> Number(ByteView field) {
  if ((field[0] & 0x80) != 0) {
    std::uint64_t value = field[0] & 0x3f;
    if ((field[0] & 0x40) != 0) return std::nullopt;  // negative
    for (const std::uint8_t byte : field.subspan(1)) {
      if (value > kMaxSize) return std::nullopt;
      value = value << 8 | byte;
    }
    return value;
  }
  std::string_view text = Text(field);
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  text = text.substr(0, text.find(' '));
  std::uint64_t value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value, 8);
  if (text.empty()) return std::uint64_t{0};
  if (code != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool IsZero(ByteView block) {
  return std::ranges::all_of(block, [](std::uint8_t byte) { return byte == 0; });
}

// The sum of a header's bytes, with spaces in place of the sum itself. Old programs took the bytes
// for signed.
bool HasChecksum(ByteView block) {
  const auto stated = Number(Part(block, kChecksum));
  std::int64_t sum = ' ' * static_cast<std::int64_t>(kChecksum.size);
  std::int64_t signed_sum = sum;
  for (std::size_t i = 0; i < block.size(); ++i) {
    if (i - kChecksum.offset < kChecksum.size) continue;
    sum += block[i];
    signed_sum += static_cast<std::int8_t>(block[i]);
  }
  return stated && (static_cast<std::int64_t>(*stated) == sum ||
                    static_cast<std::int64_t>(*stated) == signed_sum);
}

bool IsUstar(ByteView block) { return Text(Part(block, kMagic)) == "ustar"; }

// Of the types that POSIX numbers, only files have content; what is not known has.
bool HasContent(char type) { return type < '1' || type > '6'; }

std::uint64_t PaddedEnd(std::uint64_t end) {
  return (end + kTarBlockBytes - 1) / kTarBlockBytes * kTarBlockBytes;
}

// Calls `take(key, value)` for each record "LENGTH KEY=VALUE\n"; false when one is none.
template <class Take>
bool ForEachRecord(std::string_view text, Take take) {
  while (!text.empty()) {
    std::size_t length = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), length);
    const auto begin = static_cast<std::size_t>(end - text.data()) + 1;
    if (code != std::errc() || length > text.size() || begin >= length) return false;
    const std::string_view record = text.substr(begin, length - begin - 1);
    const std::size_t equals = record.find('=');
    if (text[begin - 1] != ' ' || text[length - 1] != '\n' || equals == record.npos) return false;
    take(record.substr(0, equals), record.substr(equals + 1));
    text.remove_prefix(length);
  }
  return true;
}

}  // namespace

bool LooksLikeTar(ByteView block) {
  if (block.size() < kTarBlockBytes) return false;
  block = block.first(kTarBlockBytes);
  return IsUstar(block) || (!IsZero(block) && HasChecksum(block));
}

Error TarReader::At(ErrorCode code, const std::string& what) const {
  return {.code = code, .what = fmt::format("archive byte {}: tar: {}", header_, what)};
}

Status TarReader::PassTo(std::uint64_t position) {
  auto skipped = archive_.Skip(position - position_);
  if (!skipped.ok()) return std::move(skipped).error();
  position_ += *skipped;
  if (position_ < position) return At(ErrorCode::kTruncated, "cut off inside a member");
  return {};
}

// False: the archive ends before the block.
Result<bool> TarReader::ReadBlock(Block& block) {
  auto size = ReadFully(archive_, block);
  if (!size.ok()) return std::move(size).error();
  header_ = position_;
  position_ += *size;
  return *size == block.size();
}

Result<std::size_t> TarReader::Read(std::span<std::uint8_t> out) {
  const std::uint64_t left = end_ - position_;
  const auto piece = out.first(std::min<std::uint64_t>(out.size(), left));
  auto got = archive_.Read(piece);
  if (!got.ok()) return got;
  position_ += *got;
  if (*got == 0 && !piece.empty()) return At(ErrorCode::kTruncated, "cut off inside a member");
  return got;
}

Result<std::optional<TarMember>> TarReader::Next() {
  if (const Status passed = PassTo(PaddedEnd(end_)); !passed.ok()) return passed.error();
  Attributes attributes;
  int zero_blocks = 0;
  int specials = 0;
  while (true) {
    Block block;
    auto is_block = ReadBlock(block);
    if (!is_block.ok()) return std::move(is_block).error();
    end_ = position_;
    if (!*is_block) {
      if (zero_blocks >= kEndMarkBlocks) return std::optional<TarMember>();
      return At(ErrorCode::kTruncated, "no end mark: cut off");
    }
    zero_blocks = IsZero(block) ? zero_blocks + 1 : 0;
    if (zero_blocks == kMaxZeroBlocks) return std::optional<TarMember>();
    if (zero_blocks > 0) continue;
    if (!HasChecksum(block) || (is_lost_ && !IsUstar(block))) {
      if (std::exchange(is_lost_, true)) continue;
      return At(ErrorCode::kCorrupt, "not a header");
    }
    const char type = static_cast<char>(block[kType]);
    const auto size = Number(Part(block, kSize));
    is_lost_ = !size || *size > kMaxSize;
    if (is_lost_) return At(ErrorCode::kCorrupt, "a size that cannot be");
    if (type != 'x' && type != 'g' && type != 'L' && type != 'K') {
      auto member = ToMember(block, std::move(attributes));
      if (!member.ok()) return std::move(member).error();
      return std::optional(std::move(member).value());
    }
    is_lost_ = ++specials > kMaxSpecials;
    if (is_lost_) return At(ErrorCode::kCorrupt, "special headers without end");
    if (const Status taken = TakeSpecial(type, *size, attributes); !taken.ok()) {
      return taken.error();
    }
  }
}

// The content of a special header, with which the next header is reached.
Result<std::string> TarReader::ReadSpecial(std::uint64_t size) {
  std::string text(size, '\0');
  const std::span<std::uint8_t> out(reinterpret_cast<std::uint8_t*>(text.data()), text.size());
  const auto got = ReadFully(archive_, out);
  if (!got.ok()) return got.error();
  position_ += *got;
  if (*got < size) return At(ErrorCode::kTruncated, "cut off inside a member");
  return text;
}

Status TarReader::TakeSpecial(char type, std::uint64_t size, Attributes& attributes) {
  end_ = position_ + size;
  if (size > kMaxSpecialBytes) return At(ErrorCode::kCorrupt, "a special header above 1 MiB");
  auto text = ReadSpecial(size);
  if (!text.ok()) return std::move(text).error();
  if (type == 'L') attributes.name = text->substr(0, text->find('\0'));
  if (type == 'x') {
    bool is_sound = ForEachRecord(*text, [&](std::string_view key, std::string_view value) {
      if (key == "path") attributes.name = value;
      if (key.starts_with("GNU.sparse.")) attributes.is_sparse = true;
      if (key != "size") return;
      std::uint64_t number = kMaxSize + 1;
      std::from_chars(value.data(), value.data() + value.size(), number);
      attributes.size = number;
    });
    is_sound = is_sound && attributes.size.value_or(0) <= kMaxSize;
    if (!is_sound) return At(ErrorCode::kCorrupt, "a special header that cannot be read");
  }
  return PassTo(PaddedEnd(end_));
}

Result<TarMember> TarReader::ToMember(const Block& block, Attributes attributes) {
  const char type = static_cast<char>(block[kType]);
  TarMember member{.name = std::move(attributes.name).value_or(""),
                   .is_file = type == '0' || type == '\0' || type == '7' || type == 'S',
                   .is_sparse = attributes.is_sparse || type == 'S'};
  if (member.name.empty()) {
    // GNU archives have other things in the prefix's place.
    const bool has_prefix = IsUstar(block) && block[kVersion] == '0';
    const std::string_view prefix = has_prefix ? Text(Part(block, kPrefix)) : "";
    member.name = prefix.empty() ? "" : std::string(prefix) + "/";
    member.name += Text(Part(block, kName));
  }
  if (member.name.ends_with('/')) member.is_file = false;
  const std::uint64_t size = attributes.size.value_or(*Number(Part(block, kSize)));
  // The rest of the places of a sparse file's content.
  Block more = block;
  for (std::size_t flag = kGnuSparseContinues; type == 'S' && more[flag] != 0;
       flag = kGnuSparseBlockContinues) {
    auto is_block = ReadBlock(more);
    if (!is_block.ok()) return std::move(is_block).error();
    if (!*is_block) return At(ErrorCode::kTruncated, "cut off inside a member");
  }
  member.offset = position_;
  member.size = HasContent(type) ? size : 0;
  end_ = position_ + member.size;
  if (member.name.size() > kMaxNameBytes) return At(ErrorCode::kCorrupt, "a name above 4 KiB");
  return member;
}

}  // namespace gtengine::io
