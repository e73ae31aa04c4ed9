#include "kernels/event_lockstep.h"

#include <gtest/gtest.h>
#include <hwy/targets.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <vector>

#include "tests/kernels/decode_comparison.h"

namespace gtengine::kernels {
namespace {

struct Batch {
  std::vector<std::uint8_t> bytes;
  std::size_t begin = 0;
  std::size_t capacity = 0;
};

// Decodes the batches side by side with each target and expects the oracle's answers. Each batch
// ends where its readable tail does.
class LockstepComparison {
 public:
  void Run(std::span<const Batch> batches) {
    GTENGINE_CHECK(batches.size() <= kMaxBatches);
    while (memory_.size() < batches.size()) {
      memory_.push_back(std::make_unique<GuardedBytes>(kMaxInputBytes + kReadableTailBytes));
    }
    for (const std::int64_t target : Targets()) {
      const UseTarget use(target);
      RunTarget(batches, target);
    }
  }

 private:
  static constexpr std::size_t kMaxBatches = 16;
  static constexpr std::uint8_t kCanary = 0xA5;

  void RunTarget(std::span<const Batch> batches, std::int64_t target) {
    std::vector<std::vector<EventRecord>> records(batches.size());
    std::vector<DecodeJob> jobs;
    for (std::size_t i = 0; i < batches.size(); ++i) {
      const Batch& batch = batches[i];
      std::uint8_t* const data = memory_[i]->Place(batch.bytes.size(), kReadableTailBytes);
      if (!batch.bytes.empty()) std::memcpy(data, batch.bytes.data(), batch.bytes.size());
      records[i].resize(batch.capacity + 1);
      std::memset(records[i].data(), kCanary, records[i].size() * sizeof(EventRecord));
      jobs.push_back({.data = data,
                      .begin = batch.begin,
                      .size = batch.bytes.size(),
                      .out = records[i].data(),
                      .capacity = batch.capacity,
                      .result = {}});
    }
    DecodeEventsLockstep(jobs, kGoArgCounts);
    std::array<std::uint8_t, sizeof(EventRecord)> canary;
    canary.fill(kCanary);
    for (std::size_t i = 0; i < batches.size(); ++i) {
      const Batch& batch = batches[i];
      expected_.resize(batch.capacity);
      const DecodeResult expected =
          DecodeEventsScalar(batch.bytes.data(), batch.begin, batch.bytes.size(), kGoArgCounts,
                             expected_.data(), batch.capacity);
      EXPECT_EQ(jobs[i].result, expected) << hwy::TargetName(target) << ", batch " << i;
      for (std::size_t k = 0; k < expected.events; ++k) {
        ASSERT_EQ(std::memcmp(&expected_[k], &records[i][k], sizeof(EventRecord)), 0)
            << hwy::TargetName(target) << ", record " << k << " of batch " << i;
      }
      EXPECT_EQ(std::memcmp(&records[i].back(), canary.data(), canary.size()), 0)
          << hwy::TargetName(target) << " wrote behind the output of batch " << i;
    }
  }

  std::vector<std::unique_ptr<GuardedBytes>> memory_;
  std::vector<EventRecord> expected_;
};

Batch Lifelike(std::size_t bytes, Random* random) {
  return {.bytes = LifelikeEvents(bytes, random), .capacity = bytes};
}

TEST(EventLockstepTest, TakesNoJobs) {
  LockstepComparison comparison;
  comparison.Run({});
}

TEST(EventLockstepTest, AgreesOnAnyNumberOfBatches) {
  Random random(31);
  LockstepComparison comparison;
  for (std::size_t count = 1; count <= 13; ++count) {
    std::vector<Batch> batches;
    for (std::size_t i = 0; i < count; ++i) {
      batches.push_back(Lifelike(1 + Below(&random, 3000), &random));
    }
    comparison.Run(batches);
    ASSERT_FALSE(HasFailure());
  }
}

TEST(EventLockstepTest, AgreesOnEmptyBatchesAndOutputs) {
  Random random(32);
  LockstepComparison comparison;
  std::vector<Batch> batches;
  for (std::size_t i = 0; i < 9; ++i) {
    batches.push_back(i % 3 == 0 ? Batch{} : Lifelike(500, &random));
    if (i % 3 == 1) batches.back().capacity = 0;
  }
  comparison.Run(batches);
}

// Bursts from anywhere in large batches, each with room for as many events as any other or not.
TEST(EventLockstepTest, AgreesOnBursts) {
  Random random(33);
  LockstepComparison comparison;
  for (std::size_t round = 0; round < 60; ++round) {
    std::vector<Batch> batches;
    for (std::size_t i = 0; i < 4 + round % 5; ++i) {
      batches.push_back(Lifelike(4000, &random));
      batches.back().begin = Below(&random, 4000);
      batches.back().capacity = round % 2 == 0 ? 256 : Below(&random, 300);
    }
    comparison.Run(batches);
    ASSERT_FALSE(HasFailure());
  }
}

TEST(EventLockstepTest, AgreesOnDamagedBatches) {
  Random random(34);
  LockstepComparison comparison;
  std::vector<Batch> usual;
  for (std::size_t i = 0; i < 8; ++i) usual.push_back(Lifelike(1500, &random));
  for (std::size_t round = 0; round < 1500; ++round) {
    std::vector<Batch> batches = usual;
    for (Batch& batch : batches) {
      if (Below(&random, 3) == 0) continue;
      const std::size_t at = Below(&random, batch.bytes.size() - 20);
      const std::size_t count = Below(&random, 4) == 0 ? 1 + Below(&random, 20) : 1;
      for (std::size_t k = 0; k < count; ++k) {
        batch.bytes[at + k] = static_cast<std::uint8_t>(random());
      }
      if (Below(&random, 4) == 0) batch.bytes.resize(Below(&random, batch.bytes.size()));
    }
    comparison.Run(batches);
    ASSERT_FALSE(HasFailure());
  }
}

// Events that one shuffle does not do: none, some, all.
TEST(EventLockstepTest, AgreesOnAnyShareOfLongUvarints) {
  Random random(35);
  LockstepComparison comparison;
  for (std::size_t one_in = 1; one_in < 2000; one_in *= 2) {
    std::vector<Batch> batches(6);
    for (Batch& batch : batches) {
      batch.capacity = 2000;
      while (batch.bytes.size() < 5000) {
        const std::size_t count = 1 + Below(&random, 5);
        batch.bytes.push_back(kTypeWith[count]);
        for (std::size_t i = 0; i < count; ++i) {
          const bool is_long = Below(&random, one_in) == 0;
          AppendUvarintOfLength(is_long ? 4 + Below(&random, 4) : 1 + Below(&random, 2), &random,
                                &batch.bytes);
        }
      }
    }
    comparison.Run(batches);
    ASSERT_FALSE(HasFailure());
  }
}

}  // namespace
}  // namespace gtengine::kernels
