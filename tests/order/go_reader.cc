#include "tests/order/go_reader.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace gtengine::testing {
namespace {

std::string OutputOf(const std::string& command) {
  std::string output;
  std::FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return "popen failed";
  std::array<char, 1 << 16> buffer;
  while (const std::size_t count = std::fread(buffer.data(), 1, buffer.size(), pipe)) {
    output.append(buffer.data(), count);
  }
  ::pclose(pipe);
  return output;
}

std::string ContentOf(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream content;
  content << in.rdbuf();
  return content.str();
}

}  // namespace

bool HasGoReader() { return std::getenv("GTENGINE_GOREF") != nullptr; }

GoReading ReadByGo(ByteView trace) {
  const std::string goref = std::getenv("GTENGINE_GOREF");
  const std::string path = fmt::format("{}go_reader.{}.trace", ::testing::TempDir(), ::getpid());
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(trace.data()),
             static_cast<std::streamsize>(trace.size()));

  GoReading reading;
  const std::string count = OutputOf(fmt::format("TZ=UTC '{}' -count '{}' 2>&1", goref, path));
  reading.crashed = count.starts_with("panic:");
  std::istringstream fields(count);
  fields >> reading.events;
  EXPECT_TRUE(reading.crashed || !fields.fail()) << goref << " -count says: " << count;
  std::getline(fields >> std::ws, reading.error);
  const std::string complaint =
      OutputOf(fmt::format("TZ=UTC '{}' -dump '{}' 2>&1 >'{}.dump'", goref, path, path));
  reading.panicked = complaint.find("panic:") != std::string::npos;
  reading.dump = ContentOf(path + ".dump");
  std::filesystem::remove(path);
  std::filesystem::remove(path + ".dump");
  return reading;
}

}  // namespace gtengine::testing
