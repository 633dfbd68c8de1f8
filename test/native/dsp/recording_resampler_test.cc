// The resampler of recordings as a stream, and what it does to the signal.
#include "dsp/recording_resampler.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "base/audio_format.h"
#include "support/random.h"
#include "support/signals.h"
#include "support/tone_fit.h"

namespace talkpath {
namespace {

using namespace test;

constexpr int kRatesHz[] = {8000, 11025, 16000, 24000, 44100, 48000};

void Append(const Result<Pcm>& more, Pcm& to) {
  ASSERT_TRUE(more) << more.error().message;
  to.insert(to.end(), more->begin(), more->end());
}

// Through `resampler` in pieces of 1 to 37 ms, to the end.
Pcm Ragged(RecordingResampler& resampler, std::span<const int16_t> in, int rate_hz, Random& random) {
  Pcm out;
  while (!in.empty()) {
    const size_t count = std::min(in.size(), static_cast<size_t>(random.Between(rate_hz / 1000, rate_hz * 37 / 1000)));
    Append(resampler.Process(in.first(count)), out);
    in = in.subspan(count);
  }
  Append(resampler.Flush(), out);
  return out;
}

TEST(RecordingResampler, GivesTheSameBitsHoweverTheRecordingIsCut) {
  Random random(1);
  for (RecordingQuality quality : {RecordingQuality::kHigh, RecordingQuality::kVeryHigh}) {
    for (int in_hz : kRatesHz) {
      for (int out_hz : kRatesHz) {
        const Pcm in = ToPcm(Noise(-12.0, static_cast<size_t>(in_hz) + 7, random));
        RecordingResampler resampler = *RecordingResampler::Create(in_hz, out_hz, quality);
        Pcm whole;
        Append(resampler.Process(in), whole);
        Append(resampler.Flush(), whole);
        EXPECT_EQ(whole.size(), static_cast<size_t>(std::llround(static_cast<double>(in.size()) * out_hz / in_hz)));
        EXPECT_EQ(Ragged(resampler, in, in_hz, random), whole) << in_hz << " to " << out_hz << ", the same resampler again";
      }
    }
  }
}

TEST(RecordingResampler, KeepsAToneCleanAndInPlace) {
  Random random(2);
  for (RecordingQuality quality : {RecordingQuality::kHigh, RecordingQuality::kVeryHigh}) {
    for (int in_hz : kRatesHz) {
      for (int out_hz : kRatesHz) {
        RecordingResampler resampler = *RecordingResampler::Create(in_hz, out_hz, quality);
        const Samples heard = ToSamples(Ragged(resampler, ToPcm(Tone(1004.7, -1.0, in_hz, static_cast<size_t>(in_hz), 0.5)), in_hz, random));
        const ToneFit fit = FitTone(std::span(heard).subspan(SamplesIn(200, out_hz), SamplesIn(600, out_hz)), 1004.7, out_hz);
        const double moved = 2.0 * std::numbers::pi * 1004.7 * 0.2;
        EXPECT_NEAR(std::remainder(fit.phase - 0.5 - moved, 2.0 * std::numbers::pi), 0.0, 0.002) << in_hz << " to " << out_hz << ": no delay";
        EXPECT_LT(fit.ThdPlusNoiseDb(), -91.0) << in_hz << " to " << out_hz;
        EXPECT_EQ(resampler.clipped_samples(), 0u);
      }
    }
  }
}

TEST(RecordingResampler, TakesARecordingSampleBySample) {
  Random random(4);
  for (const auto& [in_hz, out_hz] : {std::pair{8000, 44100}, {44100, 8000}, {48000, 16000}, {11025, 8000}}) {
    const Pcm in = ToPcm(Noise(-12.0, 3001, random));
    RecordingResampler resampler = *RecordingResampler::Create(in_hz, out_hz);
    Pcm whole;
    Append(resampler.Process(in), whole);
    Append(resampler.Flush(), whole);
    Pcm out;
    for (int16_t sample : in) Append(resampler.Process({&sample, 1}), out);
    Append(resampler.Flush(), out);
    EXPECT_EQ(out, whole) << in_hz << " to " << out_hz;
  }
}

TEST(RecordingResampler, LeavesSilenceSilent) {
  RecordingResampler resampler = *RecordingResampler::Create(24000, 8000);
  Pcm out;
  Append(resampler.Process(Pcm(24'000, 0)), out);
  Append(resampler.Flush(), out);
  EXPECT_EQ(out, Pcm(8000, 0));
}

TEST(RecordingResampler, SaysWhatItWithholds) {
  RecordingResampler resampler = *RecordingResampler::Create(24000, 8000);
  EXPECT_EQ(resampler.withheld_samples(), 0u);
  Pcm out;
  size_t most = 0;
  for (int frame = 1; frame <= 100; ++frame) {
    Append(resampler.Process(Pcm(SamplesPerFrame(24000), 1)), out);
    EXPECT_EQ(out.size() + resampler.withheld_samples(), static_cast<size_t>(frame) * SamplesPerFrame(8000));
    most = std::max(most, resampler.withheld_samples());
  }
  EXPECT_GT(most, SamplesIn(20, 8000)) << "no filter for a live path";
  EXPECT_LE(most, SamplesIn(175, 8000));
  Append(resampler.Flush(), out);
  EXPECT_EQ(resampler.withheld_samples(), 0u);
}

TEST(RecordingResampler, SaturatesAndCounts) {
  Pcm square(24'000);
  for (size_t i = 0; i < square.size(); ++i) square[i] = i / 40 % 2 ? 32767 : -32768;
  RecordingResampler resampler = *RecordingResampler::Create(24000, 16000);
  Pcm out;
  Append(resampler.Process(square), out);
  const size_t clipped = resampler.clipped_samples();
  EXPECT_GT(clipped, 100u);
  Append(resampler.Flush(), out);
  EXPECT_GE(resampler.clipped_samples(), clipped);
  EXPECT_EQ(*std::ranges::max_element(out), 32767);
  EXPECT_EQ(*std::ranges::min_element(out), -32768);
}

TEST(RecordingResampler, MakesNothingOfNothing) {
  RecordingResampler resampler = *RecordingResampler::Create(8000, 48000);
  EXPECT_TRUE(resampler.Process({})->empty());
  EXPECT_TRUE(resampler.Flush()->empty());
  EXPECT_TRUE(resampler.Flush()->empty());
  EXPECT_EQ(resampler.Process(Pcm(800, 7))->size() + resampler.Flush()->size(), 4800u) << "and goes on";
}

TEST(RecordingResampler, NamesTheRateThatItRefuses) {
  for (int rate_hz : {0, -8000, 999, 384'001}) {
    const auto refused = RecordingResampler::Create(8000, rate_hz);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().message, "Expected integer between 1000 and 384000 for output_rate_hz but received " + std::to_string(rate_hz));
  }
}

}  // namespace
}  // namespace talkpath
