// The members of a tar archive.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "engine/base/byte_view.h"
#include "engine/base/result.h"
#include "engine/io/byte_source.h"

namespace gtengine::io {

inline constexpr std::size_t kTarBlockBytes = 512;

// Whether a tar archive that has members begins with this block, which may be damaged.
bool LooksLikeTar(ByteView block);

struct TarMember {
  std::string name;          // as the archive has it: never a name on this machine's disk
  std::uint64_t offset = 0;  // of its content, in the archive
  std::uint64_t size = 0;    // of its content
  bool is_file = false;      // neither folder nor link, device or the like
  bool is_sparse = false;    // a file whose content is not what stands in the archive
};

// Reads ustar, GNU and pax archives (long names and large sizes, too), and those of Unix V7. Every
// number is bounded before it is used: names have 4 KiB at most, and what stands before a member
// 1 MiB. Links are told, never followed. Memory: 1 MiB.
class TarReader {
 public:
  static constexpr std::size_t kMaxNameBytes = 4096;

  // Borrows `archive`, from its first byte on.
  explicit TarReader(ByteSource& archive) : archive_(archive) {}

  // The next member, whatever of the one before was read; nothing at the end. Archives that follow
  // one another are one. Errors: kTruncated (no end mark), kCorrupt (a header that is none), those
  // of the source. After kCorrupt the next call goes on behind the damage; all others are for ever.
  Result<std::optional<TarMember>> Next();
  // The next bytes of the member's content; 0 at its end. Errors: kTruncated, those of the source.
  Result<std::size_t> Read(std::span<std::uint8_t> out);

  // Bytes of the archive that were read or passed over.
  std::uint64_t position() const { return position_; }

 private:
  using Block = std::array<std::uint8_t, kTarBlockBytes>;

  // What special headers say of the member behind them.
  struct Attributes {
    std::optional<std::string> name;
    std::optional<std::uint64_t> size;
    bool is_sparse = false;
  };

  Result<bool> ReadBlock(Block& block);
  Status PassTo(std::uint64_t position);
  Result<std::string> ReadSpecial(std::uint64_t size);
  Status TakeSpecial(char type, std::uint64_t size, Attributes& attributes);
  Result<TarMember> ToMember(const Block& block, Attributes attributes);
  Error At(ErrorCode code, const std::string& what) const;

  ByteSource& archive_;
  std::uint64_t position_ = 0;
  std::uint64_t header_ = 0;  // where the current block or the next header begins
  std::uint64_t end_ = 0;     // of the member's content
  bool is_lost_ = false;      // looking for a header behind damage
};

}  // namespace gtengine::io
