#include <gtest/gtest.h>

#include "session/session_stats.h"

namespace talkpath {
namespace {

GapCount Of(const GapLedger& ledger, GapCause cause) { return ledger.Snapshot()[static_cast<size_t>(cause)]; }

void RecordFrame(GapLedger& ledger, std::initializer_list<GapCause> causes) {
  for (GapCause cause : causes) ledger.Record(cause, 20.0);
  ledger.EndFrame();
}

TEST(GapLedger, CountsFramesInARowAsOneEpisode) {
  GapLedger ledger;
  for (int i = 0; i < 5; ++i) RecordFrame(ledger, {GapCause::kProviderLate});
  EXPECT_EQ(Of(ledger, GapCause::kProviderLate).episodes, 1u);
  EXPECT_DOUBLE_EQ(Of(ledger, GapCause::kProviderLate).ms, 100.0);
}

TEST(GapLedger, CountsTwoGapsInOneFrameAsOneEpisode) {
  GapLedger ledger;
  RecordFrame(ledger, {GapCause::kProviderLate, GapCause::kProviderLate});
  EXPECT_EQ(Of(ledger, GapCause::kProviderLate).episodes, 1u);
  EXPECT_DOUBLE_EQ(Of(ledger, GapCause::kProviderLate).ms, 40.0);
}

TEST(GapLedger, BeginsANewEpisodeAfterAFrameWithoutTheCause) {
  GapLedger ledger;
  RecordFrame(ledger, {GapCause::kProviderLate});
  RecordFrame(ledger, {});
  RecordFrame(ledger, {GapCause::kProviderLate});
  EXPECT_EQ(Of(ledger, GapCause::kProviderLate).episodes, 2u);
}

TEST(GapLedger, LetsTwoCausesLastSideBySide) {
  GapLedger ledger;
  for (int i = 0; i < 5; ++i) RecordFrame(ledger, {GapCause::kProviderLate, GapCause::kLineBackPressure});
  EXPECT_EQ(Of(ledger, GapCause::kProviderLate).episodes, 1u);
  EXPECT_EQ(Of(ledger, GapCause::kLineBackPressure).episodes, 1u);
}

TEST(GapLedger, KeepsCausesApart) {
  GapLedger ledger;
  ledger.Record(GapCause::kEngineLate, 40.0);
  for (GapCause other : {GapCause::kProviderLate, GapCause::kControlStalled, GapCause::kLineBackPressure, GapCause::kSetUp}) {
    EXPECT_EQ(Of(ledger, other).episodes, 0u);
    EXPECT_EQ(Of(ledger, other).ms, 0.0);
  }
}

}  // namespace
}  // namespace talkpath
