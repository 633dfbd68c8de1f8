// The machine itself: small programs of which it is known what C++ allows, and what it does not.
#include <gtest/gtest.h>

#include <optional>

#include "interleaving/checked_std.h"

namespace talkpath::interleaving {
namespace {

using Outcomes = std::set<std::vector<uint64_t>>;
using Atomic = checked_std::atomic<int>;
using std::memory_order_acquire;
using std::memory_order_relaxed;
using std::memory_order_release;

class Litmus : public testing::Test {
 protected:
  Verdict Run(std::function<void()> first, std::function<void()> second, bool every_order = false) {
    const Program program = {.set_up =
                                 [this] {
                                   x_.emplace(0);
                                   y_.emplace(0);
                                   a_ = b_ = 0;
                                 },
                             .threads = {std::move(first), std::move(second)},
                             .end =
                                 [this] {
                                   Note(static_cast<uint64_t>(a_));
                                   Note(static_cast<uint64_t>(b_));
                                 }};
    return Explore(program, {.every_order = every_order});
  }
  // Ordinary memory.
  void Put(int value) {
    WriteBytes(&plain_, sizeof plain_);
    plain_ = value;
  }
  int Get() {
    ReadBytes(&plain_, sizeof plain_);
    return plain_;
  }

  std::optional<Atomic> x_;
  std::optional<Atomic> y_;
  int a_ = 0;
  int b_ = 0;
  int plain_ = 0;
};

TEST_F(Litmus, AValueStoredWithReleaseAndAcquiredBringsWhatWasBefore) {
  const Verdict verdict = Run(
      [&] {
        x_->store(1, memory_order_relaxed);
        y_->store(1, memory_order_release);
      },
      [&] {
        a_ = y_->load(memory_order_acquire);
        b_ = x_->load(memory_order_relaxed);
      });
  EXPECT_EQ(verdict.violation, "");
  EXPECT_EQ(verdict.outcomes, (Outcomes{{0, 0}, {0, 1}, {1, 1}}));
}

TEST_F(Litmus, WithoutTheOneOrTheOtherItDoesNot) {
  for (const bool releases : {false, true}) {
    const Verdict verdict = Run(
        [&] {
          x_->store(1, memory_order_relaxed);
          y_->store(1, releases ? memory_order_release : memory_order_relaxed);
        },
        [&] {
          a_ = y_->load(releases ? memory_order_relaxed : memory_order_acquire);
          b_ = x_->load(memory_order_relaxed);
        });
    EXPECT_EQ(verdict.outcomes, (Outcomes{{0, 0}, {0, 1}, {1, 0}, {1, 1}}));
  }
}

TEST_F(Litmus, EachMayMissTheStoreOfTheOther) {
  const Verdict verdict = Run(
      [&] {
        x_->store(1, memory_order_release);
        a_ = y_->load(memory_order_acquire);
      },
      [&] {
        y_->store(1, memory_order_release);
        b_ = x_->load(memory_order_acquire);
      });
  EXPECT_EQ(verdict.outcomes, (Outcomes{{0, 0}, {0, 1}, {1, 0}, {1, 1}}));
}

TEST_F(Litmus, NobodySeesAnAtomicGoBack) {
  const Verdict verdict = Run(
      [&] {
        x_->store(1, memory_order_relaxed);
        x_->store(2, memory_order_relaxed);
      },
      [&] {
        a_ = x_->load(memory_order_relaxed);
        b_ = x_->load(memory_order_relaxed);
      });
  EXPECT_EQ(verdict.outcomes, (Outcomes{{0, 0}, {0, 1}, {0, 2}, {1, 1}, {1, 2}, {2, 2}}));
}

TEST_F(Litmus, ALaterRelaxedStoreTakesNothingAlong) {
  const Verdict verdict = Run(
      [&] {
        x_->store(1, memory_order_relaxed);
        y_->store(1, memory_order_release);
        y_->store(2, memory_order_relaxed);
      },
      [&] {
        a_ = y_->load(memory_order_acquire);
        b_ = x_->load(memory_order_relaxed);
      });
  EXPECT_TRUE(verdict.outcomes.contains({2, 0}));
  EXPECT_FALSE(verdict.outcomes.contains({1, 0}));
}

TEST_F(Litmus, MemoryThatIsHandedOverIsSafe) {
  const Verdict verdict = Run(
      [&] {
        Put(7);
        x_->store(1, memory_order_release);
      },
      [&] {
        if (x_->load(memory_order_acquire) == 1) a_ = Get();
      });
  EXPECT_EQ(verdict.violation, "");
  EXPECT_EQ(verdict.outcomes, (Outcomes{{0, 0}, {7, 0}}));
}

TEST_F(Litmus, MemoryThatIsNotHandedOverRaces) {
  const auto reader = [&] {
    if (x_->load(memory_order_acquire) == 1) a_ = Get();
  };
  const Verdict relaxed = Run(
      [&] {
        Put(7);
        x_->store(1, memory_order_relaxed);
      },
      reader);
  EXPECT_TRUE(relaxed.violation.starts_with("a read races with a write")) << relaxed.violation;
  const Verdict too_late = Run(
      [&] {
        x_->store(1, memory_order_release);
        Put(7);
        x_->store(2, memory_order_release);
      },
      reader);
  EXPECT_NE(too_late.violation, "");
  const Verdict given_back = Run(
      [&] {
        if (y_->load(memory_order_relaxed) == 1) Put(8);
      },
      [&] {
        a_ = Get();
        y_->store(1, memory_order_release);
      });
  EXPECT_TRUE(given_back.violation.starts_with("a write races with a read")) << given_back.violation;
}

TEST_F(Litmus, TellsTheStepsThatLedToAViolation) {
  const Verdict verdict = Run([&] { x_->store(5, memory_order_relaxed); },
                              [&] { Require(x_->load(memory_order_relaxed) == 0, "x has changed"); });
  EXPECT_TRUE(verdict.violation.starts_with("x has changed\n  thread 0 stores 5 to atomic 0, line ")) << verdict.violation;
}

TEST_F(Litmus, AnAtomicOfTwoWritersIsRefused) {
  const auto store = [&] { x_->store(1, memory_order_relaxed); };
  EXPECT_NE(Run(store, store).violation, "");
}

TEST_F(Litmus, TheOrdersThatAreLeftOutTellNothingNew) {
  const auto first = [&] {
    for (int i = 1; i <= 3; ++i) {
      x_->store(i, i == 2 ? memory_order_release : memory_order_relaxed);
      a_ = 10 * a_ + y_->load(memory_order_acquire);
    }
  };
  const auto second = [&] {
    for (int i = 1; i <= 3; ++i) {
      b_ = 10 * b_ + x_->load(memory_order_acquire);
      y_->store(i, memory_order_release);
    }
  };
  const Verdict fewer = Run(first, second);
  const Verdict every = Run(first, second, true);
  EXPECT_EQ(fewer.outcomes, every.outcomes);
  EXPECT_GT(fewer.outcomes.size(), 10u);
  EXPECT_LT(fewer.executions, every.executions);
}

}  // namespace
}  // namespace talkpath::interleaving
