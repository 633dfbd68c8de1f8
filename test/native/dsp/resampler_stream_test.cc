// The resampler as a stream: counts, chunks, delay.
#include <gtest/gtest.h>

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

TEST(Resampler, KeepsCountOverALongStream) {
  const int seconds = Shortened(20, 3);
  for (const RatePair pair : AllPairs()) {
    const Samples in(static_cast<size_t>(seconds) * pair.in_hz + 7, 0.0f);
    const double expected = static_cast<double>(in.size()) * pair.out_hz / pair.in_hz;
    EXPECT_NEAR(static_cast<double>(ResampleRaggedly(pair, in, 8).size()), std::round(expected), 1.0) << pair.Name();
  }
}

TEST(Resampler, IsACopyBetweenEqualRates) {
  const Samples in = ToSamples(Ramp(0, 500));
  EXPECT_EQ(Resample({16000, 16000}, in), in);
  EXPECT_EQ(ResamplerFor({16000, 16000}).delay_seconds(), 0.0);
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

// The first moment of the impulse response: for a linear-phase filter, exactly its delay.
double MeasuredDelaySeconds(RatePair pair) {
  const size_t impulse_at = SamplesIn(20, pair.in_hz);
  Samples in(SamplesIn(60, pair.in_hz), 0.0f);
  in[impulse_at] = 10000.0f;
  const Samples out = Resample(pair, in);
  double moment = 0.0;
  double sum = 0.0;
  for (size_t n = 0; n < out.size(); ++n) {
    moment += static_cast<double>(n) * out[n];
    sum += out[n];
  }
  return moment / sum / pair.out_hz - static_cast<double>(impulse_at) / pair.in_hz;
}

TEST(Resampler, DelaysTheSignalByWhatItStates) {
  for (const RatePair pair : AllPairs()) {
    EXPECT_NEAR(MeasuredDelaySeconds(pair), ResamplerFor(pair).delay_seconds(), 2e-6) << pair.Name();
  }
}

TEST(Resampler, DelaysTheSignalByLessThanFiveMilliseconds) {
  for (const RatePair pair : AllPairs()) EXPECT_LE(ResamplerFor(pair).delay_seconds(), 0.005) << pair.Name();
}

TEST(Resampler, DelaysEightKilohertzByLessThanThreeAndAHalfMilliseconds) {
  for (int rate_hz : {16000, 24000, 48000}) {
    EXPECT_LE(ResamplerFor({8000, rate_hz}).delay_seconds(), 0.0035) << rate_hz;
    EXPECT_LE(ResamplerFor({rate_hz, 8000}).delay_seconds(), 0.0035) << rate_hz;
  }
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
