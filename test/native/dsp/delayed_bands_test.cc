#include "dsp/delayed_bands.h"

#include <gtest/gtest.h>

namespace talkpath {
namespace {

TEST(DelayedBands, GiveEachBandAsLateAsAskedToTheSample) {
  constexpr size_t kMost = 1000;
  DelayedBands bands(3, kMost);
  webrtc::Block block(3, 1);
  webrtc::Block late(3, 1);
  float next = 1.0f;
  for (int i = 0; i < 100; ++i) {
    for (int band = 0; band < 3; ++band) {
      for (size_t k = 0; k < webrtc::kBlockSize; ++k) block.View(band, 0)[k] = (band + 1) * (next + static_cast<float>(k));
    }
    next += webrtc::kBlockSize;
    bands.Push(block);
    if (i < 20) continue;
    for (size_t delay : {size_t{0}, size_t{1}, size_t{63}, size_t{64}, kMost}) {
      bands.Read(delay, late);
      for (int band = 0; band < 3; ++band) {
        const float newest = (band + 1) * (next - 1.0f - static_cast<float>(delay));
        ASSERT_EQ(late.View(band, 0)[webrtc::kBlockSize - 1], newest);
      }
    }
  }
}

}  // namespace
}  // namespace talkpath
