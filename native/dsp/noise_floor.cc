#include "dsp/noise_floor.h"

#include "base/pcm.h"
#include "dsp/band_levels.h"

namespace talkpath {
namespace {

constexpr float kLeastSpeechDbfs = -52.0f;
constexpr float kMarginOverNoiseDb = 6.0f;
constexpr float kRiseDbPerBlock = 0.02f;  // 2 dB a second

float LevelOf(std::span<const float> block) noexcept TALKPATH_NONBLOCKING { return LevelDbfs(MeanSquare(block) / (kFullScale * kFullScale)); }

}  // namespace

void NoiseFloor::Process(std::span<const float> block) noexcept TALKPATH_NONBLOCKING {
  FollowFloor(floor_dbfs_, LevelOf(block), kRiseDbPerBlock);
}

bool NoiseFloor::Covers(std::span<const float> block) const noexcept TALKPATH_NONBLOCKING {
  const float level_dbfs = LevelOf(block);
  return level_dbfs <= kLeastSpeechDbfs || level_dbfs - floor_dbfs_ <= kMarginOverNoiseDb;
}

}  // namespace talkpath
