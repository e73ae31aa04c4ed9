#include "tools/gtengine/partial_input.h"

#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

#include "tools/gtengine/input_file.h"

namespace gtengine::cli {
namespace {

std::string_view TextOf(const io::MappedFile& file) {
  const ByteView bytes = file.view().bytes();
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

Result<run::PartialFile> ReadPartial(const std::string& path) {
  const auto file = MapInput(path);
  if (!file.ok()) return file.error();
  auto partial = run::ParsePartialFile(TextOf(*file));
  if (partial.ok()) return partial;
  Error error = std::move(partial).error();
  error.path = path;
  return error;
}

bool IsPartialFile(const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored)) return false;
  const auto file = io::MappedFile::Open(path);
  return file.ok() && run::LooksLikePartialFile(TextOf(*file));
}

}  // namespace gtengine::cli
