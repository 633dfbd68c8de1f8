// What is looked at to tell the caller from the agent's own echo: what the echo leaves of the near end, what is taken for
// echo and what may be, what was heard, and what may be on its way back, at the known delay and at those nearby.
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
  // Newest first, from newest_.
  using History = std::vector<BandLevelsDbfs>;
  BandLevelsDbfs Loudest(const History& history, size_t first_lag, size_t last_lag) const noexcept TALKPATH_NONBLOCKING;

  VoiceFeatures voice_;
  BandLevels far_levels_;
  BandLevels near_levels_;
  BandLevels echo_levels_;
  BandLevels levels_to_come_;
  History far_history_;
  History history_to_come_;  // of the echo to come
  size_t newest_ = 0;
  int far_blocks_ = 0;  // in which the far end sounded
  int blocks_since_change_ = 0;
  int known_delay_ = 0;
  float near_power_ = 0.0f;
  float echo_power_ = 0.0f;
  float product_ = 0.0f;
};

}  // namespace talkpath
