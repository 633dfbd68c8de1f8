#include "engine/spare_sessions.h"

#include <gtest/gtest.h>

#include <limits>
#include <set>

#include "support/waiting.h"

namespace talkpath {
namespace {

using namespace test;

constexpr SessionConfig kPlain;
constexpr SessionConfig kWideband = {.line_rate_hz = 16000};

bool Filled(SpareSessions& spares, size_t count) {
  return WaitUntil([&] { return spares.count() == count; });
}

TEST(SpareSessions, AreNotMadeBeforeTheFirstCall) {
  SpareSessions spares;
  EXPECT_EQ(spares.count(), 0u);
}

TEST(SpareSessions, AreMadeOfTheKindThatWasAskedForLast) {
  SpareSessions spares;
  ASSERT_TRUE(spares.Take(kPlain));
  EXPECT_TRUE(Filled(spares, SpareSessions::kOfOneKind));
  ASSERT_TRUE(spares.Take(kPlain));
  EXPECT_TRUE(Filled(spares, SpareSessions::kOfOneKind));
  ASSERT_TRUE(spares.Take(kWideband));
  EXPECT_TRUE(Filled(spares, 2 * SpareSessions::kOfOneKind));
}

TEST(SpareSessions, AreNoMoreThanTheirMostOfAllKinds) {
  SpareSessions spares;
  for (int hangover_ms = 200; hangover_ms < 210; ++hangover_ms) {
    ASSERT_TRUE(spares.Take({.speech = {.hangover_ms = hangover_ms}}));
    EXPECT_TRUE(WaitUntil([&] { return spares.count() >= SpareSessions::kOfOneKind; }));
    EXPECT_LE(spares.count(), SpareSessions::kOfAllKinds);
  }
}

TEST(SpareSessions, AreHandedOutOnce) {
  SpareSessions spares;
  std::vector<std::unique_ptr<Session>> taken;
  std::set<const Session*> seen;
  for (int i = 0; i < 20; ++i) {
    auto session = spares.Take(kPlain);
    ASSERT_TRUE(session);
    EXPECT_TRUE(seen.insert(session->get()).second);
    taken.push_back(std::move(*session));
  }
}

TEST(SpareSessions, RefuseWhatASessionRefuses) {
  SpareSessions spares;
  const auto session = spares.Take({.line_rate_hz = 7});
  ASSERT_FALSE(session);
  EXPECT_NE(session.error().message.find("line_rate_hz"), std::string::npos);
  EXPECT_EQ(spares.count(), 0u);
}

TEST(SpareSessions, AreNotMadeForeverOfSettingsThatEqualNothing) {
  SpareSessions spares;
  ASSERT_FALSE(spares.Take({.high_pass_hz = std::numeric_limits<float>::quiet_NaN()}));
  ASSERT_TRUE(spares.Take(kPlain));
  EXPECT_TRUE(Filled(spares, SpareSessions::kOfOneKind));
}

}  // namespace
}  // namespace talkpath
