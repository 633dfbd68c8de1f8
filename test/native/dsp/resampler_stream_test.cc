// The resampler as a stream: counts, pieces, delay.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/pcm.h"
#include "base/realtime.h"
#include "dsp/resampler_streaming.h"
#include "support/build.h"

namespace talkpath {
namespace {

using namespace test;

TEST(Resampler, GivesTheSameNumberOfSamplesForEveryFrame) {
  for (const RatePair pair : AllPairs()) {
    for (int rate_hz : kLineRatesHz) {
      if (pair.out_hz != rate_hz) continue;
      Resampler resampler = ResamplerFor(pair);
      const Samples frame(SamplesPerFrame(pair.in_hz), 1.0f);
      Samples out;
      for (int i = 0; i < 200; ++i) ASSERT_EQ(Append(resampler, frame, out), SamplesPerFrame(rate_hz)) << pair.Name() << " frame " << i;
    }
  }
}

TEST(Resampler, GivesTheSameBitsHoweverTheStreamIsCut) {
  Random random(3);
  for (const RatePair pair : AllPairs()) {
    const Samples in = Noise(-12.0, SamplesIn(1000, pair.in_hz), random);
    const Samples framed = Resample(pair, in);
    EXPECT_EQ(ResampleRaggedly(pair, in, 4), framed) << pair.Name();
    EXPECT_EQ(ResampleRaggedly(pair, in, 5), framed) << pair.Name();
    const Samples pcm = ToSamples(ToPcm(in));
    EXPECT_EQ(ToPcm(ResampleRaggedly(pair, pcm, 6)), ToPcm(Resample(pair, pcm))) << pair.Name() << ", int16";
  }
}

TEST(Resampler, TakesAPieceOfAnyLength) {
  Random random(6);
  const RatePair pair = {48000, 8000};
  const Samples in = Noise(-12.0, 48000, random);
  Resampler resampler = ResamplerFor(pair);
  Samples out;
  Append(resampler, in, out);
  EXPECT_EQ(out, Resample(pair, in)) << "a second at once";
  EXPECT_EQ(Append(resampler, {}, out), 0u) << "nothing";
  Resampler copy;
  EXPECT_EQ(copy.Process({}, {}), 0u);
}

TEST(Resampler, NeverWritesMoreThanItSaid) {
  Random random(7);
  for (const RatePair pair : AllPairs()) {
    Resampler resampler = ResamplerFor(pair);
    for (int i = 0; i < 300; ++i) {
      const size_t count = static_cast<size_t>(random.Between(0, 1000));
      Samples out(resampler.MaxOutput(count) + 1, 12345.0f);
      ASSERT_LE(resampler.Process(Samples(count, 0.0f), out), out.size() - 1) << pair.Name();
      ASSERT_EQ(out.back(), 12345.0f) << pair.Name();
    }
  }
}

TEST(Resampler, SaysExactlyWhatTheNextPieceWillGive) {
  Random random(8);
  for (const RatePair pair : AllPairs()) {
    Resampler resampler = ResamplerFor(pair);
    for (int i = 0; i < 300; ++i) {
      const size_t count = static_cast<size_t>(random.Between(0, 1000));
      Samples out(resampler.MaxOutput(count));
      const size_t said = resampler.OutputFor(count);
      ASSERT_EQ(resampler.Process(Samples(count, 0.0f), out), said) << pair.Name() << " piece " << i;
    }
  }
}

// After a second of input the filter stands where it began: what holds for one second holds for all.
TEST(Resampler, GivesASecondForASecond) {
  for (const RatePair pair : AllPairs()) {
    Resampler resampler = ResamplerFor(pair);
    const Samples second(static_cast<size_t>(pair.in_hz), 0.0f);
    Samples out;
    for (int i = 0; i < 3; ++i) ASSERT_EQ(Append(resampler, second, out), static_cast<size_t>(pair.out_hz)) << pair.Name();
    EXPECT_NEAR(static_cast<double>(Append(resampler, Samples(7, 0.0f), out)), 7.0 * pair.out_hz / pair.in_hz, 1.0) << pair.Name();
  }
}

// Feeds `seconds` of a loud pattern in ragged pieces, then silence. Returns the number of samples out.
double StreamFor(RatePair pair, double seconds) {
  Random random(8);
  const Samples loud = Noise(-3.0, SamplesIn(37, pair.in_hz), random);
  Resampler resampler = ResamplerFor(pair);
  Samples out(resampler.MaxOutput(loud.size()));
  const auto total = static_cast<size_t>(seconds * pair.in_hz);
  double written = 0.0;
  for (size_t sent = 0; sent < total;) {
    const size_t count = std::min(total - sent, static_cast<size_t>(random.Between(pair.in_hz / 1000, static_cast<int>(loud.size()))));
    const size_t made = resampler.Process(std::span(loud).first(count), out);
    for (float sample : std::span(out).first(made)) EXPECT_LT(std::abs(sample), 4.0f * 5.0f * kFullScale) << pair.Name();
    sent += count;
    written += static_cast<double>(made);
  }
  return written;
}

TEST(Resampler, KeepsCountOverAnHour) {
  const double seconds = Shortened(3600, 20);
  for (const RatePair pair : {RatePair{8000, 16000}, RatePair{24000, 8000}, RatePair{48000, 44100}}) {
    EXPECT_NEAR(StreamFor(pair, seconds), std::round(seconds * pair.out_hz), 1.0) << pair.Name();
  }
}

TEST(Resampler, KeepsCountOverAMinuteBetweenAnyRates) {
  const double seconds = Shortened(60, 2) + 0.123;
  for (const RatePair pair : AllPairs()) {
    const double sent = std::floor(seconds * pair.in_hz);
    EXPECT_NEAR(StreamFor(pair, seconds), std::round(sent * pair.out_hz / pair.in_hz), 1.0) << pair.Name();
  }
}

// Subnormal numbers are slow, and no int16 input leads to them: neither in the filter nor in what it gives.
TEST(Resampler, NeverMeetsSubnormalNumbers) {
  const auto subnormal = [](float value) { return std::fpclassify(value) == FP_SUBNORMAL; };
  for (const RatePair pair : AllPairs()) {
    const ResamplerKernel& kernel = **ResamplerKernel::Get(pair.in_hz, pair.out_hz);
    for (size_t phase = 0; phase < kernel.up(); ++phase) ASSERT_TRUE(std::ranges::none_of(kernel.Phase(phase), subnormal)) << pair.Name();
    Samples in(SamplesIn(100, pair.in_hz), 0.0f);
    in[0] = 1.0f;  // the least that there is, and its tail
    ASSERT_TRUE(std::ranges::none_of(Resample(pair, in), subnormal)) << pair.Name();
  }
}

TEST(Resampler, AllocatesNothingWhileItStreamsOrChangesItsPair) {
  Resampler resampler;
  const Samples in(SamplesIn(37, 48000), 1.0f);
  Samples out(7 * in.size());
  for (const RatePair pair : AllPairs()) {
    const ResamplerKernel* kernel = *ResamplerKernel::Get(pair.in_hz, pair.out_hz);
    const RealtimeSection section;
    resampler.SetKernel(kernel);
    for (size_t count : {size_t{1}, SamplesPerFrame(pair.in_hz), in.size()}) (void)resampler.Process(std::span(in).first(count), out);
  }
}

TEST(Resampler, IsACopyBetweenEqualRates) {
  const Samples in = ToSamples(Ramp(0, 5000));
  for (int rate_hz : kStreamRatesHz) {
    EXPECT_EQ(Resample({rate_hz, rate_hz}, in), in);
    EXPECT_EQ(ResampleRaggedly({rate_hz, rate_hz}, in, 1), in);
    EXPECT_EQ(ResamplerFor({rate_hz, rate_hz}).longest_delay_seconds(), 0.0);
  }
}

TEST(Resampler, StartsWithSilenceWhenItChangesItsPair) {
  Resampler resampler = ResamplerFor({24000, 8000});
  Samples out;
  Append(resampler, Samples(480, 20000.0f), out);
  resampler.SetKernel(*ResamplerKernel::Get(16000, 8000));
  out.clear();
  Append(resampler, Samples(320, 0.0f), out);
  EXPECT_EQ(out, Samples(160, 0.0f));
}

TEST(Resampler, StatesItsDelayInSamplesOfTheOutput) {
  EXPECT_DOUBLE_EQ(ResamplerFor({8000, 24000}).delay_samples(), ResamplerFor({8000, 24000}).delay_seconds() * 24000.0);
  EXPECT_EQ(ResamplerFor({16000, 16000}).delay_samples(), 0.0);
}

// An output sample may be withheld no longer than the delay: what is due must be there.
TEST(Resampler, WithholdsNothingBeyondItsDelay) {
  Random random(9);
  for (const RatePair pair : AllPairs()) {
    Resampler resampler = ResamplerFor(pair);
    Samples out;
    size_t sent = 0;
    for (int i = 0; i < 100; ++i) {
      const size_t count = static_cast<size_t>(random.Between(1, 500));
      Append(resampler, Samples(count, 0.0f), out);
      sent += count;
      ASSERT_GE(static_cast<double>(out.size()) + 1e-9, static_cast<double>(sent) * pair.out_hz / pair.in_hz) << pair.Name();
    }
  }
}

}  // namespace
}  // namespace talkpath
