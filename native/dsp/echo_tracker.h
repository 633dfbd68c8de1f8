// Learns an echo path and follows it when it moves: says what the echo leaves of the near end.
//
// A jitter buffer that adapts moves the echo and leaves its path as it was. What the learnt filter makes of the far end is
// kept, and where the near end stops fitting it, the time is looked for at which it fits again: within 20 to 50 ms.
//
// 8 kHz, 10 ms blocks. Thread: tick. Nothing but the constructor allocates, locks, logs or throws.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "base/realtime.h"
#include "dsp/echo_filter.h"

namespace talkpath {

class EchoTracker {
 public:
  static constexpr int kRateHz = EchoFilter::kRateHz;
  static constexpr size_t kBlock = EchoFilter::kBlock;

  enum class Change {
    kNone,
    kMoved,      // to another delay
    kForgotten,  // the path is another: what was learnt of it did harm
  };

  // Follows echoes up to this late.
  explicit EchoTracker(int max_delay_ms);

  // A path was found elsewhere, or found to have moved; its strongest part is so late. Where the tracker follows it already
  // this changes nothing.
  void PathFound(int delay_samples) noexcept TALKPATH_NONBLOCKING;
  // There is none any more.
  void PathLost() noexcept TALKPATH_NONBLOCKING { following_ = false; }

  // Takes 10 ms of both ends.
  Change Process(std::span<const float, kBlock> far_end, std::span<const float, kBlock> near_end) noexcept TALKPATH_NONBLOCKING;

  // Of the last block: what the echo leaves of it; all, where no path is followed.
  std::span<const float, kBlock> residual() const noexcept { return residual_; }
  // Of it, what may still be echo (echo_filter.h).
  std::span<const float, EchoFilter::kBands> unlearnt() const noexcept { return filter_.unlearnt(); }
  // How late the strongest part of the path is.
  int delay_samples() const noexcept { return delay_samples_; }
  bool following() const noexcept { return following_; }
  // The filter has removed most of an echo since it began to learn.
  bool proven() const noexcept { return following_ && proven_; }
  // And it explains what was heard of late, so that the path is where it was.
  bool explains() const noexcept { return proven() && unexplained_blocks_ < kDoubtedBlocks; }
  // Of the last 30 ms of the near end, the share that the echo explains: at the delay that is known, and at the best one nearby.
  float explained() const noexcept { return explained_; }
  float most_explained() const noexcept { return most_explained_; }

 private:
  // The path's strongest part lies so far into the filter.
  static constexpr int kHeadroomSamples = 4 * kRateHz / 1000;
  // A jitter buffer moves the echo by up to this at once.
  static constexpr size_t kReachSamples = 100 * kRateHz / 1000;
  static constexpr int kDoubtedBlocks = 3;
  static constexpr size_t kSearchSamples = 30 * kRateHz / 1000;

  // A stream's past; any stretch of it lies in one piece.
  class Past {
   public:
    explicit Past(size_t samples) : samples_(samples + (kBlock - samples % kBlock) % kBlock), twice_(2 * samples_) {}
    void Push(std::span<const float, kBlock> block) noexcept TALKPATH_NONBLOCKING;
    // `count` samples, after the newest of which `ago` have come.
    const float* At(size_t count, size_t ago) const noexcept TALKPATH_NONBLOCKING { return &twice_[end_ + samples_ - ago - count]; }

   private:
    const size_t samples_;
    std::vector<float> twice_;
    size_t end_ = 0;
  };

  size_t Lag() const noexcept { return static_cast<size_t>(delay_samples_ > kHeadroomSamples ? delay_samples_ - kHeadroomSamples : 0); }
  void PushEcho() noexcept TALKPATH_NONBLOCKING;
  bool Moved() noexcept TALKPATH_NONBLOCKING;
  float ExplainedAt(size_t lag) const noexcept TALKPATH_NONBLOCKING;
  // The lag that explains most, how much it does, and the most that one further off does.
  struct Match {
    size_t lag = 0;
    float explained = 0.0f;
    float rival = 0.0f;
  };
  Match FindMatch(size_t first, size_t last) const noexcept TALKPATH_NONBLOCKING;
  bool DoesHarm() noexcept TALKPATH_NONBLOCKING;

  const size_t farthest_lag_;
  EchoFilter filter_;
  Past far_;
  Past echo_;  // what the filter makes of the far end, as if it came back at once
  Past near_;
  bool following_ = false;
  bool proven_ = false;
  int delay_samples_ = 0;
  std::array<float, kBlock> residual_{};
  float near_energy_ = 0.0f;      // of the last kSearchSamples
  float near_power_ = 0.0f;       // of late, of one sample
  float residual_power_ = 0.0f;
  float explained_ = 0.0f;
  float most_explained_ = 0.0f;
  size_t candidate_lag_ = 0;
  float evidence_ = 0.0f;  // for it
  int unexplained_blocks_ = 0;
  int blocks_since_move_ = 0;
  size_t lag_before_ = 0;
  int harmful_blocks_ = 0;
};

}  // namespace talkpath
