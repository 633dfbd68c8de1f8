#include "playout/concealer.h"

#include <gtest/gtest.h>

#include "support/clicks.h"
#include "support/signals.h"
#include "support/speech_like.h"
#include "support/test_names.h"

namespace talkpath {
namespace {

using namespace test;

constexpr int kGapFromMs = 200;

class ConcealerAtRate : public testing::TestWithParam<int> {
 protected:
  const int rate_hz_ = GetParam();
  Concealer concealer_;

  void SetUp() override { concealer_.Reset(rate_hz_); }

  // Sends `signal` in 20 ms frames, of which those in the gap are lost.
  Samples WithGap(Samples signal, int gap_ms) {
    const size_t frame = SamplesPerFrame(rate_hz_);
    const size_t from = SamplesIn(kGapFromMs, rate_hz_);
    const size_t to = from + SamplesIn(gap_ms, rate_hz_);
    for (size_t at = 0; at + frame <= signal.size(); at += frame) {
      const std::span<float> samples = std::span(signal).subspan(at, frame);
      if (at >= from && at < to) concealer_.Conceal(samples);
      else concealer_.Accept(samples);
    }
    return signal;
  }

  std::span<const float> Part(const Samples& signal, int from_ms, int ms) const {
    return std::span(signal).subspan(SamplesIn(from_ms, rate_hz_), SamplesIn(ms, rate_hz_));
  }
};

INSTANTIATE_TEST_SUITE_P(, ConcealerAtRate, testing::Values(8000, 16000, 24000, 48000), kByNumber);

TEST_P(ConcealerAtRate, PassesGoodSamplesUnchanged) {
  const Samples signal = MakeSpeechLike({.rate_hz = rate_hz_, .duration_ms = 400}).samples;
  EXPECT_EQ(WithGap(signal, 0), signal);
}

TEST_P(ConcealerAtRate, ContinuesATone) {
  const Samples heard = WithGap(Tone(150.0, -6.0, rate_hz_, SamplesIn(400, rate_hz_)), 20);
  EXPECT_NEAR(LevelDbfs(Part(heard, kGapFromMs, 10)), -9.0, 1.0);
}

TEST_P(ConcealerAtRate, DoesNotClickWhereTheGapBeginsOrEnds) {
  for (double hz : {97.0, 150.0, 190.0}) {
    concealer_.Reset(rate_hz_);
    const Samples heard = WithGap(Tone(hz, -6.0, rate_hz_, SamplesIn(600, rate_hz_)), 100);
    // The fade and the cross-fade bend a little more than the tone; a click would bend a hundred times more.
    const double sharpest = FindSharpestBend(heard).second_difference / 16422.0;
    EXPECT_LT(sharpest, 0.12) << hz;
  }
}

// A signal without a period that the concealer could find: what it repeats does not fit by itself.
TEST_P(ConcealerAtRate, JoinsItsRepetitionsSmoothly) {
  for (double hz : {41.0, 57.0}) {
    concealer_.Reset(rate_hz_);
    const Samples heard = WithGap(Tone(hz, -6.0, rate_hz_, SamplesIn(400, rate_hz_)), 60);
    EXPECT_LT(FindSharpestBend(Part(heard, kGapFromMs + 2, 56)).second_difference, 2500.0) << hz;
  }
}

TEST_P(ConcealerAtRate, ConcealsSpeechAsSmoothlyAsSpeechIs) {
  for (uint64_t seed : {1u, 2u, 3u, 4u, 5u}) {
    concealer_.Reset(rate_hz_);
    const Samples speech = MakeSpeechLike({.rate_hz = rate_hz_, .duration_ms = 600, .seed = seed, .pause_ms = 0}).samples;
    EXPECT_LT(FindSharpestBend(WithGap(speech, 60)).second_difference, 1.5 * FindSharpestBend(speech).second_difference) << seed;
  }
}

TEST_P(ConcealerAtRate, FadesToSilenceBySixtyMilliseconds) {
  const Samples heard = WithGap(Tone(150.0, -6.0, rate_hz_, SamplesIn(500, rate_hz_)), 160);
  double last = 0.0;  // dBFS: nothing is louder
  for (int ms = 0; ms < 60; ms += 20) {
    const double level = LevelDbfs(Part(heard, kGapFromMs + ms, 20));
    EXPECT_LT(level, last) << ms;
    last = level;
  }
  for (float sample : Part(heard, kGapFromMs + 60, 100)) ASSERT_EQ(sample, 0.0f);
}

TEST_P(ConcealerAtRate, GivesTheRealSignalFiveMillisecondsAfterTheGap) {
  const Samples signal = MakeSpeechLike({.rate_hz = rate_hz_, .duration_ms = 400}).samples;
  const Samples heard = WithGap(signal, 40);
  const size_t from = SamplesIn(kGapFromMs + 40 + 5, rate_hz_);
  EXPECT_TRUE(std::equal(heard.begin() + static_cast<long>(from), heard.end(), signal.begin() + static_cast<long>(from)));
}

TEST_P(ConcealerAtRate, GivesTheSameHoweverTheGapIsCut) {
  Random random(1);
  const Samples past = MakeSpeechLike({.rate_hz = rate_hz_, .duration_ms = 200}).samples;
  Concealer in_pieces;
  in_pieces.Reset(rate_hz_);
  Samples whole(SamplesIn(80, rate_hz_));
  Samples cut(whole.size());
  Samples copy = past;
  concealer_.Accept(copy);
  concealer_.Conceal(whole);
  copy = past;
  in_pieces.Accept(copy);
  for (size_t at = 0; at < cut.size();) {
    const size_t count = std::min(static_cast<size_t>(random.Between(1, 200)), cut.size() - at);
    in_pieces.Conceal(std::span(cut).subspan(at, count));
    at += count;
  }
  EXPECT_EQ(cut, whole);
}

TEST_P(ConcealerAtRate, ConcealsNothingAfterTheEndOfSpeech) {
  Samples speech = Tone(150.0, -6.0, rate_hz_, SamplesIn(100, rate_hz_));
  concealer_.Accept(speech);
  concealer_.EndOfSpeech();
  Samples gap(SamplesPerFrame(rate_hz_), 1.0f);
  concealer_.Conceal(gap);
  EXPECT_EQ(gap, Samples(gap.size(), 0.0f));
}

TEST_P(ConcealerAtRate, TakesNothingForNothing) {
  concealer_.Accept({});
  concealer_.Conceal({});
  Samples good(10, 5.0f);
  concealer_.Accept(good);
  EXPECT_EQ(good, Samples(10, 5.0f)) << "no gap was opened";
}

}  // namespace
}  // namespace talkpath
