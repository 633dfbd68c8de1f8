#include <gtest/gtest.h>

#include "support/realtime_trap.h"

namespace {

using talkpath::test::RealtimeTrap;

// A violation on any thread fails the test in which it happened. Appended last, it hears of a test's end
// before the printer of results does.
class TrapListener : public testing::EmptyTestEventListener {
  void OnTestEnd(const testing::TestInfo&) override {
    if (RealtimeTrap::violations() > 0) ADD_FAILURE() << RealtimeTrap::Take();
  }
};

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  RealtimeTrap::Prepare();
  testing::UnitTest::GetInstance()->listeners().Append(new TrapListener);
  return RUN_ALL_TESTS();
}
