#include "dsp/echo_features.h"

#include <algorithm>
#include <cmath>

#include "base/pcm.h"

namespace talkpath {
namespace {

constexpr float kPerBlock = 0.25f;
constexpr size_t kLagsNearby = 10;
constexpr float kAudibleDbfs = -55.0f;
constexpr float kCeilingDb = 20.0f;

}  // namespace

EchoFeatures::EchoFeatures(int max_delay_ms) : far_history_(static_cast<size_t>(max_delay_ms / kBlockMs) + 4) {
  for (BandLevelsDbfs& levels : far_history_) levels.fill(LevelDbfs(0.0f));
  history_to_come_ = far_history_;
}

void EchoFeatures::Process(std::span<const float, kBlock> far_end, std::span<const float, kBlock> near_end, const EchoTracker& tracker,
                           const EchoPathFinder& path, std::span<float, kCount> features) noexcept TALKPATH_NONBLOCKING {
  std::array<float, kBlock> echo;
  float product = 0.0f;
  for (size_t i = 0; i < kBlock; ++i) {
    echo[i] = near_end[i] - tracker.residual()[i];
    product += near_end[i] * echo[i] / kBlock;
  }
  near_power_ += kPerBlock * (MeanSquare(near_end) - near_power_) + 1e-3f;
  echo_power_ += kPerBlock * (MeanSquare(echo) - echo_power_) + 1e-3f;
  product_ += kPerBlock * (product - product_);
  newest_ = newest_ == 0 ? far_history_.size() - 1 : newest_ - 1;
  far_levels_.Process(far_end, far_history_[newest_]);
  levels_to_come_.Process(tracker.echo_to_come(), history_to_come_[newest_]);
  if (std::ranges::max(far_history_[newest_]) > kAudibleDbfs) ++far_blocks_;
  blocks_since_change_ = tracker.believed_delay_samples() == known_delay_ ? blocks_since_change_ + 1 : 0;
  known_delay_ = tracker.believed_delay_samples();

  float* next = features.data() + VoiceFeatures::kCount;
  const auto put_level = [&next](float level) { *next++ = VoiceFeatures::kDbScale * (level - VoiceFeatures::kMiddleDb); };
  const auto put = [put_level](const BandLevelsDbfs& levels) {
    for (float level : levels) put_level(level);
  };
  voice_.Process(tracker.residual(), features.first<VoiceFeatures::kCount>());
  BandLevelsDbfs levels;
  near_levels_.Process(near_end, levels);
  put(levels);
  echo_levels_.Process(echo, levels);
  put(levels);
  const size_t farthest = far_history_.size() - 1;
  if (tracker.following()) {
    const size_t known = std::min(farthest, static_cast<size_t>(tracker.believed_delay_samples()) / kBlock);
    put(Loudest(far_history_, known, std::min(known + 1, farthest)));
    const History& nearby = tracker.proven() ? history_to_come_ : far_history_;
    put(Loudest(nearby, known > kLagsNearby ? known - kLagsNearby : 0, std::min(farthest, known + kLagsNearby)));
  } else {
    const BandLevelsDbfs loudest = Loudest(far_history_, 0, farthest);
    put(loudest);
    put(loudest);
  }
  for (float power : tracker.unlearnt()) put_level(LevelDbfs(tracker.following() ? power / (kFullScale * kFullScale) : 0.0f));
  *next++ = tracker.following() ? 1.0f : 0.0f;
  *next++ = tracker.proven() ? 1.0f : 0.0f;
  *next++ = 2.0f * tracker.explained();
  *next++ = 2.0f * tracker.most_explained();
  *next++ = 2.0f * std::max(path.explained(), tracker.most_explained());
  *next++ = std::clamp(path.over_ceiling_db() / kCeilingDb, -1.0f, 2.0f);
  *next++ = std::clamp(product_ / echo_power_, -1.0f, 2.0f);
  *next++ = std::min(echo_power_ / near_power_, 2.0f);
  *next++ = 1.0f / (1.0f + 0.1f * static_cast<float>(blocks_since_change_));
  *next++ = 1.0f / (1.0f + 0.02f * static_cast<float>(far_blocks_));
}

BandLevelsDbfs EchoFeatures::Loudest(const History& history, size_t first_lag, size_t last_lag) const noexcept TALKPATH_NONBLOCKING {
  BandLevelsDbfs loudest;
  loudest.fill(LevelDbfs(0.0f));
  for (size_t lag = first_lag; lag <= last_lag; ++lag) {
    const BandLevelsDbfs& levels = history[(newest_ + lag) % history.size()];
    for (size_t band = 0; band < kLevelBands; ++band) loudest[band] = std::max(loudest[band], levels[band]);
  }
  return loudest;
}

}  // namespace talkpath
