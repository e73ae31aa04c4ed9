#include "tools/gtengine/available_cores.h"

#include <sched.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <thread>

namespace gtengine::cli {
namespace {

namespace fs = std::filesystem;

constexpr int kMaxCores = 1 << 14;

int CoresOfAffinity() {
  // The mask must hold as many bits as the kernel has cores, which nothing tells.
  for (int bits = CPU_SETSIZE; bits <= kMaxCores; bits *= 2) {
    cpu_set_t* const set = CPU_ALLOC(bits);
    const std::size_t bytes = CPU_ALLOC_SIZE(bits);
    const bool is_known = ::sched_getaffinity(0, bytes, set) == 0;
    const int cores = is_known ? CPU_COUNT_S(bytes, set) : 0;
    CPU_FREE(set);
    if (is_known) return std::max(cores, 1);
  }
  return static_cast<int>(std::max(std::thread::hardware_concurrency(), 1U));
}

std::optional<double> Quota(double quota_us, double period_us) {
  if (quota_us <= 0 || period_us <= 0) return std::nullopt;
  return quota_us / period_us;
}

// Version 2: "QUOTA PERIOD" or "max PERIOD". Version 1: a file each, -1 for none.
std::optional<double> QuotaIn(const fs::path& folder) {
  double quota_us = 0;
  double period_us = 0;
  if (std::ifstream file(folder / "cpu.max"); file >> quota_us >> period_us) {
    return Quota(quota_us, period_us);
  }
  std::ifstream quota(folder / "cpu.cfs_quota_us");
  std::ifstream period(folder / "cpu.cfs_period_us");
  if (quota >> quota_us && period >> period_us) return Quota(quota_us, period_us);
  return std::nullopt;
}

// The smallest quota of a cgroup and those around it. Inside a container the path may be one of the
// host's, of which only the mount's root is to be seen.
std::optional<double> SmallestQuota(const fs::path& mount, const fs::path& group) {
  std::optional<double> smallest;
  for (fs::path at = group.relative_path();; at = at.parent_path()) {
    if (const auto quota = QuotaIn(mount / at); quota && (!smallest || *quota < *smallest)) {
      smallest = quota;
    }
    if (at.empty()) return smallest;
  }
}

// Lines are "ID:CONTROLLERS:PATH"; version 2 names no controllers (man 7 cgroups).
std::optional<double> CpuQuota() {
  std::ifstream groups("/proc/self/cgroup");
  std::optional<double> smallest;
  for (std::string line; std::getline(groups, line);) {
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string controllers = "," + line.substr(first + 1, second - first - 1) + ",";
    const bool is_version_2 = controllers == ",,";
    if (!is_version_2 && controllers.find(",cpu,") == std::string::npos) continue;
    const fs::path mount = is_version_2 ? "/sys/fs/cgroup" : "/sys/fs/cgroup/cpu";
    const auto quota = SmallestQuota(mount, line.substr(second + 1));
    if (quota && (!smallest || *quota < *smallest)) smallest = quota;
  }
  return smallest;
}

}  // namespace

int AvailableCores() {
  const int cores = CoresOfAffinity();
  const auto quota = CpuQuota();
  if (!quota || *quota >= cores) return cores;
  return std::max(static_cast<int>(std::ceil(*quota)), 1);
}

}  // namespace gtengine::cli
