// Says how probable it is that the caller speaks, and not the agent's echo.
//
// In: 4 ms blocks at 16 kHz of both ends; decides every 10 ms. Thread: tick. Process() does not allocate, lock, log or throw.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "base/realtime.h"
#include "dsp/echo_features.h"
#include "dsp/echo_path_finder.h"
#include "dsp/echo_tracker.h"
#include "dsp/gated_network.h"
#include "dsp/resampler.h"

namespace talkpath {

class CallerDetector {
 public:
  // It hears so much of nothing first, at 8 kHz: of 4 ms blocks two and three come every 10 ms by turns, and after each of
  // the two one of 10 ms is full.
  static constexpr size_t kHeadStart = 2 * EchoTracker::kRateHz / 1000;

  explicit CallerDetector(int max_delay_ms);

  // Takes 4 ms of both ends, after `path` has. `found`: it has just found one, or found it again. True when what was learnt of
  // the path is forgotten.
  bool Process(std::span<const float> far_end, std::span<const float> near_end, const EchoPathFinder& path, bool found) noexcept
      TALKPATH_NONBLOCKING;

  // Of the path, before the next blocks.
  EchoPathFinder::Known known() const noexcept TALKPATH_NONBLOCKING;
  const EchoTracker& tracker() const noexcept { return tracker_; }
  // That the caller spoke in the last 10 ms; who is believed to.
  float probability() const noexcept { return probability_; }
  bool speaks() const noexcept { return probability_ >= LeastProbability(); }
  // What the probability was made of, once every 10 ms; for who learns.
  std::span<const float, EchoFeatures::kCount> features() const noexcept { return features_; }
  int64_t blocks() const noexcept { return blocks_; }

 private:
  // Before a path is found there is most often none. In its first three seconds the filter has not met every sound yet, and
  // an agent that stops for its own echo is worse than one that stops later.
  float LeastProbability() const noexcept { return known_blocks_ == 0 ? 0.95f : known_blocks_ < kNewBlocks ? 0.99f : 0.85f; }
  static constexpr int kNewBlocks = 300;
  using Network = GatedNetwork<EchoFeatures::kCount, 64, 64>;
  static const Network::Weights& Weights();

  static constexpr size_t kBlock = EchoFeatures::kBlock;
  // Comes 4 ms at a time and is taken 10 ms at a time.
  struct Stream {
    Resampler down;
    std::array<float, 2 * kBlock> waiting{};
    size_t count = kHeadStart;

    void Push(std::span<const float> block) noexcept TALKPATH_NONBLOCKING { count += down.Process(block, std::span(waiting).subspan(count)); }
    std::array<float, kBlock> Pop() noexcept TALKPATH_NONBLOCKING;
  };

  Stream far_end_;
  Stream near_end_;
  EchoTracker tracker_;
  EchoFeatures measure_;
  Network network_;
  std::array<float, EchoFeatures::kCount> features_{};
  float probability_ = 0.0f;
  int64_t blocks_ = 0;
  int known_blocks_ = 0;  // since a path has been followed
};

}  // namespace talkpath
