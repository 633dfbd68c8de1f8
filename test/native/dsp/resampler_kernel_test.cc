#include "dsp/resampler_kernel.h"

#include <gtest/gtest.h>

#include <numeric>
#include <thread>
#include <vector>

#include "base/audio_format.h"

namespace talkpath {
namespace {

TEST(ResamplerKernel, NamesTheRateThatItDoesNotKnow) {
  const auto from = ResamplerKernel::Get(11025, 8000);
  ASSERT_FALSE(from);
  EXPECT_NE(from.error().message.find("11025"), std::string::npos);
  const auto to = ResamplerKernel::Get(8000, 7999);
  ASSERT_FALSE(to);
  EXPECT_NE(to.error().message.find("7999"), std::string::npos);
}

TEST(ResamplerKernel, IsFoundOnceItWasBuilt) {
  EXPECT_EQ(ResamplerKernel::Find(8000, 11025), nullptr);
  EXPECT_EQ(ResamplerKernel::Find(96000, 12000), nullptr) << "no other test builds this pair";
  const ResamplerKernel* built = *ResamplerKernel::Get(96000, 12000);
  EXPECT_EQ(ResamplerKernel::Find(96000, 12000), built);
  EXPECT_EQ(*ResamplerKernel::Get(96000, 12000), built);
}

TEST(ResamplerKernel, IsBuiltOnceForAllThreads) {
  std::vector<const ResamplerKernel*> built(4, nullptr);
  std::vector<std::thread> threads;
  for (auto& kernel : built) threads.emplace_back([&kernel] { kernel = *ResamplerKernel::Get(192000, 44100); });
  for (auto& thread : threads) thread.join();
  for (const auto* kernel : built) EXPECT_EQ(kernel, built[0]);
}

TEST(ResamplerKernel, ReducesThePairToLowestTerms) {
  const ResamplerKernel* kernel = *ResamplerKernel::Get(44100, 48000);
  EXPECT_EQ(kernel->up(), 160u);
  EXPECT_EQ(kernel->down(), 147u);
}

TEST(ResamplerKernel, PassesConstantsInEveryPhase) {
  for (int in_hz : kStreamRatesHz) {
    for (int out_hz : kStreamRatesHz) {
      const ResamplerKernel* kernel = *ResamplerKernel::Get(in_hz, out_hz);
      if (kernel->is_copy()) continue;
      for (size_t phase = 0; phase < kernel->up(); ++phase) {
        const std::span<const float> taps = kernel->Phase(phase);
        ASSERT_NEAR(std::accumulate(taps.begin(), taps.end(), 0.0), 1.0, 1e-6) << in_hz << " to " << out_hz << " phase " << phase;
      }
    }
  }
}

TEST(ResamplerKernel, FitsTheResamplerForEveryPair) {
  for (int in_hz : kStreamRatesHz) {
    for (int out_hz : kStreamRatesHz) {
      const ResamplerKernel* kernel = *ResamplerKernel::Get(in_hz, out_hz);
      EXPECT_LE(kernel->taps_per_phase(), 2304u) << in_hz << " to " << out_hz;
      EXPECT_EQ(kernel->taps_per_phase() % 8, 0u) << in_hz << " to " << out_hz;
    }
  }
}

}  // namespace
}  // namespace talkpath
