#include "dsp/aec3_config.h"

#include <gtest/gtest.h>

#include "modules/audio_processing/aec3/aec3_common.h"

namespace talkpath {
namespace {

constexpr size_t kBlockMs = 1000 * webrtc::kBlockSize / 16000;

TEST(Aec3Config, HasNoValueThatWebRtcWouldCorrect) {
  webrtc::EchoCanceller3Config config = Aec3Config();
  EXPECT_TRUE(webrtc::EchoCanceller3Config::Validate(&config));
}

TEST(Aec3Config, HoldsAHybridBehindTheHeadroom) {
  constexpr size_t kHybridMs = 16;
  const webrtc::EchoCanceller3Config config = Aec3Config();
  for (size_t blocks : {config.filter.refined.length_blocks, config.filter.coarse.length_blocks,
                        config.filter.refined_initial.length_blocks, config.filter.coarse_initial.length_blocks}) {
    EXPECT_GE(blocks * kBlockMs, kAec3HeadroomBlocks * kBlockMs + kHybridMs);
  }
}

}  // namespace
}  // namespace talkpath
