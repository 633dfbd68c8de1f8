#include "dsp/noise_floor.h"

#include <algorithm>
#include <cmath>

#include "base/pcm.h"

namespace talkpath {
namespace {

constexpr float kLeastSpeechDbfs = -52.0f;
constexpr float kMarginOverNoiseDb = 6.0f;
constexpr float kLowestFloorDbfs = -90.0f;
// The floor follows a quieter line at once and a louder one slowly: a talker does not become the noise.
constexpr float kFallPerBlock = 0.2f;
constexpr float kRiseDbPerBlock = 0.02f;  // 2 dB a second

float LevelDbfs(std::span<const float> block) noexcept TALKPATH_NONBLOCKING {
  return 10.0f * std::log10(MeanSquare(block) / (kFullScale * kFullScale) + 1e-10f);
}

}  // namespace

void NoiseFloor::Process(std::span<const float> block) noexcept TALKPATH_NONBLOCKING {
  const float over = LevelDbfs(block) - floor_dbfs_;
  if (over < 0.0f) floor_dbfs_ = std::max(kLowestFloorDbfs, floor_dbfs_ + kFallPerBlock * over);
  else floor_dbfs_ += std::min(kRiseDbPerBlock, over);
}

bool NoiseFloor::Covers(std::span<const float> block) const noexcept TALKPATH_NONBLOCKING {
  const float level_dbfs = LevelDbfs(block);
  return level_dbfs <= kLeastSpeechDbfs || level_dbfs - floor_dbfs_ <= kMarginOverNoiseDb;
}

}  // namespace talkpath
