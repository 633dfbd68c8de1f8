// What is looked at to tell the caller from the agent's own echo: what the echo leaves of the near end, what is taken for
// echo and what may be, what was heard, and what of the far end may be on its way back.
//
// In: 10 ms at 8 kHz. Out: kCount numbers, most of them within ±2.
// Thread: tick. Process() does not allocate, lock, log or throw.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "base/realtime.h"
#include "dsp/band_levels.h"
#include "dsp/echo_path_finder.h"
#include "dsp/echo_tracker.h"
#include "dsp/voice_features.h"

namespace talkpath {

class EchoFeatures {
 public:
  static constexpr size_t kBlock = BandLevels::kBlock;
  static constexpr size_t kShares = 10;
  static constexpr size_t kCount = VoiceFeatures::kCount + 4 * kLevelBands + EchoFilter::kBands + kShares;

  explicit EchoFeatures(int max_delay_ms);

  // `tracker` has processed the same block, and `path` the near end so far.
  void Process(std::span<const float, kBlock> far_end, std::span<const float, kBlock> near_end, const EchoTracker& tracker,
               const EchoPathFinder& path, std::span<float, kCount> features) noexcept TALKPATH_NONBLOCKING;

 private:
  BandLevelsDbfs LoudestFarEnd(size_t first_lag, size_t last_lag) const noexcept TALKPATH_NONBLOCKING;

  VoiceFeatures voice_;
  BandLevels far_levels_;
  BandLevels near_levels_;
  BandLevels echo_levels_;
  std::vector<BandLevelsDbfs> far_history_;  // newest first, from newest_
  size_t newest_ = 0;
  int far_blocks_ = 0;  // in which the far end sounded
  int blocks_since_change_ = 0;
  int known_delay_ = 0;
  float near_power_ = 0.0f;
  float echo_power_ = 0.0f;
  float product_ = 0.0f;
};

}  // namespace talkpath
