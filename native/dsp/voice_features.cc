#include "dsp/voice_features.h"

#include <algorithm>
#include <cmath>

#include "base/pcm.h"
#include "dsp/noise_floor.h"

namespace talkpath {
namespace {

constexpr float kFloorRiseDbPerBlock = 0.03f;  // 3 dB a second

}  // namespace

void VoiceFeatures::Process(std::span<const float, kBlock> block, std::span<float, kCount> features) noexcept TALKPATH_NONBLOCKING {
  std::copy(half_rate_.begin() + kBlock / 2, half_rate_.end(), half_rate_.begin());
  for (size_t i = 0; i < kBlock / 2; ++i) half_rate_[kPitchHistory - kBlock / 2 + i] = 0.5f * (block[2 * i] + block[2 * i + 1]);

  BandLevelsDbfs levels_db;
  bands_.Process(block, levels_db);
  const float level_db = LevelDbfs(MeanSquare(block) / (kFullScale * kFullScale));
  if (!begun_) {
    begun_ = true;
    floor_db_ = levels_db;
    last_db_ = levels_db;
    level_floor_db_ = level_db;
  }
  FollowFloor(level_floor_db_, level_db, kFloorRiseDbPerBlock);
  float change = 0.0f;
  float mean_db = 0.0f;
  float loudest_db = levels_db[0];
  for (size_t band = 0; band < kBands; ++band) {
    FollowFloor(floor_db_[band], levels_db[band], kFloorRiseDbPerBlock);
    features[band] = kDbScale * (levels_db[band] - kMiddleDb);
    features[kBands + band] = kDbScale * (levels_db[band] - floor_db_[band]);
    change += std::abs(levels_db[band] - last_db_[band]);
    mean_db += levels_db[band];
    loudest_db = std::max(loudest_db, levels_db[band]);
  }
  last_db_ = levels_db;
  const Pitch pitch = FindPitch();
  float* rest = features.data() + 2 * kBands;
  rest[0] = kDbScale * (level_db - kMiddleDb);
  rest[1] = kDbScale * (level_db - level_floor_db_);
  rest[2] = kDbScale * (loudest_db - mean_db / kBands);
  rest[3] = kDbScale * change / kBands;
  rest[4] = pitch.strength;
  rest[5] = pitch.octaves - 1.0f;
  rest[6] = std::min(1.0f, 4.0f * std::abs(pitch.octaves - last_octaves_));
  last_octaves_ = pitch.octaves;
}

VoiceFeatures::Pitch VoiceFeatures::FindPitch() const noexcept TALKPATH_NONBLOCKING {
  constexpr size_t kLags = kLongestLag - kShortestLag + 1;
  const float* newest = half_rate_.data() + kLongestLag;
  std::array<float, kLags> products{};
  // Lags inside, so that they are summed side by side: [i] is of lag kLongestLag - i.
  for (size_t n = 0; n < kPitchWindow; ++n) {
    const float sample = newest[n];
    const float* past = newest + n - kLongestLag;
    for (size_t i = 0; i < kLags; ++i) products[i] += sample * past[i];
  }
  const float energy = MeanSquare({newest, kPitchWindow}) * kPitchWindow;
  float past_energy = MeanSquare({half_rate_.data(), kPitchWindow}) * kPitchWindow;  // at the longest lag
  Pitch best = {0.0f, 0.0f};
  for (size_t i = 0; i < kLags; ++i) {
    const float strength = products[i] / std::sqrt(energy * past_energy + 1e6f);
    if (strength > best.strength) best = {strength, static_cast<float>(kLongestLag - i)};
    past_energy = std::max(0.0f, past_energy + half_rate_[i + kPitchWindow] * half_rate_[i + kPitchWindow] - half_rate_[i] * half_rate_[i]);
  }
  if (best.octaves > 0.0f) best.octaves = std::log2(best.octaves / kShortestLag);
  return best;
}

}  // namespace talkpath
