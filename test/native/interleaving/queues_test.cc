// The ring and the queues between their two threads, in every order and with every value that a load may return.
//
// Each side runs three operations, and every choice of three is tried: enough to fill, to empty, to wrap around and
// to meet a stale index at each of them. Capacity 2, the least that a ring has.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <numeric>
#include <optional>
#include <vector>

#include "interleaving/checked_queues.h"

namespace talkpath::interleaving {
namespace {

constexpr size_t kCapacity = 2;
constexpr size_t kOperations = 3;

// A number's digits in this base: the n-th program of kOperations operations.
std::array<size_t, kOperations> Digits(size_t number, size_t base) {
  std::array<size_t, kOperations> digits;
  for (size_t& digit : digits) {
    digit = number % base;
    number /= base;
  }
  return digits;
}

size_t Power(size_t base) { return base * base * base; }
static_assert(kOperations == 3);

// What all programs came to: up to the first that went wrong.
struct Sum {
  size_t programs = 0;
  size_t executions = 0;
  std::string violation;
  std::set<int> ordered_lines;
};

// Runs each of the writer's programs against each of the reader's. `Bench` has Reset(), Write(operation),
// Read(operation) and End(), and says how many operations each side knows.
template <typename Bench>
Sum RunAll(const ExploreOptions& options = {}) {
  Bench bench;
  Sum sum;
  for (size_t written = 0; written < Power(Bench::kWrites); ++written) {
    for (size_t read = 0; read < Power(Bench::kReads); ++read) {
      const auto writes = Digits(written, Bench::kWrites);
      const auto reads = Digits(read, Bench::kReads);
      const Verdict verdict = Explore({.set_up = [&] { bench.Reset(); },
                                       .threads = {[&] { for (size_t operation : writes) bench.Write(operation); },
                                                   [&] { for (size_t operation : reads) bench.Read(operation); }},
                                       .end = [&] { bench.End(); }},
                                      options);
      ++sum.programs;
      sum.executions += verdict.executions;
      sum.ordered_lines.insert(verdict.ordered_lines.begin(), verdict.ordered_lines.end());
      if (verdict.violation.empty()) continue;
      sum.violation = verdict.violation;
      return sum;
    }
  }
  return sum;
}

// Of the source as it is.
template <typename Bench>
const Sum& Sound() {
  static const Sum sum = RunAll<Bench>();
  return sum;
}

// A ring that carries the numbers 0, 1, 2, …
class RingBench {
 public:
  static constexpr size_t kWrites = 3;
  static constexpr size_t kReads = 5;

  void Reset() {
    ring_.emplace(kCapacity);
    written_ = read_ = 0;
  }

  void Write(size_t operation) {
    if (operation < 2) {  // one, or more than fit
      (void)WriteSome(operation == 0 ? 1 : 3);
    } else {
      const size_t free = ring_->FreeSpace();
      Require(WriteSome(free) == free, "a write takes less than the free space that the writer was told of");
    }
  }

  void Read(size_t operation) {
    if (operation < 2) {
      (void)ReadSome(operation == 0 ? 1 : 3);
    } else if (operation < 4) {
      read_ += ring_->Discard(operation == 2 ? 1 : 3);
    } else {
      const size_t available = ring_->Available();
      Require(ReadSome(available) == available, "a read gives less than the reader was told is available");
    }
  }

  void End() {
    Require(ring_->Available() == written_ - read_, "something was lost or doubled");
    while (ReadSome(1) == 1) {
    }
    Require(read_ == written_, "not all that was written can be read");
  }

 private:
  size_t WriteSome(size_t count) {
    std::array<int16_t, 3> values;
    std::iota(values.begin(), values.end(), static_cast<int16_t>(written_));
    const size_t taken = ring_->Write(std::span(values).first(count));
    Require(taken <= count, "more is taken than was given");
    written_ += taken;
    return taken;
  }

  size_t ReadSome(size_t count) {
    std::array<int16_t, 3> values;
    const size_t given = ring_->Read(std::span(values).first(count));
    Require(given <= count, "more is given than was asked for");
    for (size_t i = 0; i < given; ++i) Require(values[i] == static_cast<int16_t>(read_ + i), "a value was lost, doubled, torn or moved");
    read_ += given;
    return given;
  }

  std::optional<SpscRing<int16_t>> ring_;
  size_t written_ = 0;
  size_t read_ = 0;
};

// An audio queue whose samples carry their turn's number.
class AudioQueueBench {
 public:
  static constexpr size_t kWrites = 3;
  static constexpr size_t kReads = 2;

  void Reset() {
    queue_.emplace(kCapacity, kCapacity);
    accepted_.clear();
    popped_ = 0;
  }

  void Write(size_t operation) {  // an end of reply alone, one sample, or more than fit
    const size_t count = operation == 2 ? 3 : operation;
    const std::array<int16_t, 3> samples = {Sample(), Sample(), Sample()};
    if (count == 0 && !queue_->HasSegmentSpace()) return;  // nothing would tell whether the mark was taken
    const size_t taken = queue_->Write({.rate_hz = 8000, .turn = Turn(), .ends_reply = count == 0}, std::span(samples).first(count));
    if (taken > 0 || count == 0) accepted_.push_back(taken);
  }

  void Read(size_t operation) {
    const std::optional<AudioSegment> segment = queue_->PopSegment();
    if (!segment) return;
    const size_t count = segment->sample_count;
    // What the writer has noted is its own: only the numbers in the segment and the samples are the reader's.
    Require(segment->turn == popped_ && segment->ends_reply == (count == 0), "a segment was lost, doubled or torn");
    std::array<int16_t, 3> samples;
    const size_t wanted = operation == 0 ? count : count / 2;  // and drops the rest unread
    Require(queue_->Read(std::span(samples).first(wanted)) == wanted, "a segment came before its samples");
    for (size_t i = 0; i < wanted; ++i) Require(samples[i] == static_cast<int16_t>(popped_), "a sample of another segment");
    Require(queue_->Discard(count - wanted) == count - wanted, "a segment came before its samples");
    ++popped_;
  }

  void End() {
    while (popped_ < accepted_.size()) {
      const uint32_t before = popped_;
      Read(0);
      Require(popped_ == before + 1, "a segment was lost");
      if (popped_ == before) return;
    }
    Require(!queue_->PopSegment(), "a segment was doubled");
  }

 private:
  uint32_t Turn() const { return static_cast<uint32_t>(accepted_.size()); }
  int16_t Sample() const { return static_cast<int16_t>(accepted_.size()); }

  std::optional<AudioQueue> queue_;
  std::vector<size_t> accepted_;  // samples of each segment
  uint32_t popped_ = 0;
};

// A queue of values that are larger than one word: half of one would show.
class QueueBench {
 public:
  static constexpr size_t kWrites = 2;
  static constexpr size_t kReads = 2;

  void Reset() {
    queue_.emplace(kCapacity);
    pushed_ = popped_ = 0;
  }

  void Write(size_t operation) {
    const bool certain = operation == 1 && queue_->FreeSpace() > 0;
    const bool pushed = queue_->TryPush({pushed_, ~pushed_});
    Require(pushed || !certain, "a push fails that was promised space");
    pushed_ += pushed;
  }

  void Read(size_t operation) {
    for (size_t i = 0; i <= operation; ++i) {
      const std::optional<Value> value = queue_->TryPop();
      if (!value) return;
      Require(value->number == popped_ && value->check == ~popped_, "a value was lost, doubled or torn");
      ++popped_;
    }
  }

  void End() {
    Read(kCapacity);
    Require(popped_ == pushed_, "not all that was pushed can be popped");
  }

 private:
  struct Value {
    uint64_t number;
    uint64_t check;
  };
  std::optional<SpscQueue<Value>> queue_;
  uint64_t pushed_ = 0;
  uint64_t popped_ = 0;
};

template <typename Bench>
class EveryInterleaving : public testing::Test {};

using Benches = testing::Types<RingBench, QueueBench, AudioQueueBench>;
class BenchName {
 public:
  template <typename Bench>
  static std::string GetName(int) {
    if (std::is_same_v<Bench, RingBench>) return "OfTheRing";
    return std::is_same_v<Bench, QueueBench> ? "OfTheQueue" : "OfTheAudioQueue";
  }
};
TYPED_TEST_SUITE(EveryInterleaving, Benches, BenchName);

TYPED_TEST(EveryInterleaving, LosesDoublesAndTearsNothing) {
  const Sum& sum = Sound<TypeParam>();
  EXPECT_EQ(sum.violation, "");
  EXPECT_EQ(sum.programs, Power(TypeParam::kWrites) * Power(TypeParam::kReads));
  std::printf("%zu programs, %zu executions, %zu memory orders\n", sum.programs, sum.executions, sum.ordered_lines.size());
}

// Were one not needed, or were the search blind to it, this would show.
TYPED_TEST(EveryInterleaving, NeedsEachAcquireAndEachRelease) {
  const std::set<int>& lines = Sound<TypeParam>().ordered_lines;
  EXPECT_GE(lines.size(), 4u);
  for (const int line : lines) EXPECT_NE(RunAll<TypeParam>({.weakened_line = line}).violation, "") << "spsc_ring.h, line " << line;
}

TEST(EveryInterleaving, ShowsHowAWeakenedRingFails) {
  ASSERT_FALSE(Sound<RingBench>().ordered_lines.empty());
  const Sum weakened = RunAll<RingBench>({.weakened_line = *Sound<RingBench>().ordered_lines.begin()});
  EXPECT_NE(weakened.violation.find("races with"), std::string::npos);
  EXPECT_NE(weakened.violation.find("stores"), std::string::npos) << weakened.violation;
}

}  // namespace
}  // namespace talkpath::interleaving
