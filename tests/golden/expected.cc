#include "tests/golden/expected.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <set>

#include "engine/base/check.h"

namespace gtengine {
namespace {

namespace fs = std::filesystem;

// Paths below `root` with this extension, without it and relative to the root.
std::set<std::string> Below(const fs::path& root, const std::string& extension) {
  std::set<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (entry.path().extension() != extension) continue;
    names.insert(entry.path().lexically_relative(root).replace_extension().string());
  }
  return names;
}

}  // namespace

std::vector<ExpectedTrace> ExpectedTraces() {
  const fs::path corpus = fs::path(GTENGINE_SOURCE_DIR) / "corpus";
  const std::set<std::string> traces = Below(corpus, ".trace");
  const std::set<std::string> expected = Below(corpus / "expected", ".json");
  GTENGINE_CHECK(!traces.empty());
  GTENGINE_CHECK(traces == expected);
  std::vector<ExpectedTrace> all;
  for (const std::string& name : traces) {
    all.push_back({.name = name,
                   .trace_path = (corpus / (name + ".trace")).string(),
                   .json = (corpus / "expected" / (name + ".json")).string()});
  }
  return all;
}

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  EVP_DigestInit_ex(static_cast<EVP_MD_CTX*>(context_), EVP_sha256(), nullptr);
}

Sha256::~Sha256() { EVP_MD_CTX_free(static_cast<EVP_MD_CTX*>(context_)); }

void Sha256::Add(std::string_view text) {
  EVP_DigestUpdate(static_cast<EVP_MD_CTX*>(context_), text.data(), text.size());
}

std::string Sha256::Finish() {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  EVP_DigestFinal_ex(static_cast<EVP_MD_CTX*>(context_), digest, &size);
  std::string text;
  for (unsigned int i = 0; i < size; ++i) text += fmt::format("{:02x}", digest[i]);
  return text;
}

std::string TestName(std::string name) {
  std::ranges::replace_if(
      name, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}

}  // namespace gtengine
