// Learns an echo path and follows it when it moves: says what the echo leaves of the near end.
//
// A jitter buffer that adapts moves the echo and leaves its path as it was. What the learnt filter makes of the far end is
// kept, and where the near end stops fitting it, the delay is looked for at which it fits again. Two beliefs do so: a quick
// one says within a few blocks what the echo leaves just now, and may err for a moment, as a vowel is as much like itself a
// period later; on a steady one, some blocks behind it, the filter moves.
//
// 8 kHz, 10 ms blocks. Thread: tick. Nothing but the constructor allocates, locks, logs or throws.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "base/realtime.h"
#include "dsp/delay_belief.h"
#include "dsp/echo_filter.h"

namespace talkpath {

class EchoTracker {
 public:
  static constexpr int kRateHz = EchoFilter::kRateHz;
  static constexpr size_t kBlock = EchoFilter::kBlock;

  // Follows echoes up to this late.
  explicit EchoTracker(int max_delay_ms);

  // A path was found, new or moved; its strongest part is so late. This changes nothing where the tracker follows it there
  // already, or follows it elsewhere and explains what is heard.
  void PathFound(int delay_samples) noexcept TALKPATH_NONBLOCKING;
  // There is none any more.
  void PathLost() noexcept TALKPATH_NONBLOCKING { following_ = false; }

  // Takes 10 ms of both ends. True when the path proved to be another: what was learnt of it is forgotten.
  bool Process(std::span<const float, kBlock> far_end, std::span<const float, kBlock> near_end) noexcept TALKPATH_NONBLOCKING;

  // Of the last block: what the echo leaves of it; all, where no path is followed.
  std::span<const float, kBlock> residual() const noexcept { return residual_; }
  // Of it, what may still be echo (echo_filter.h).
  std::span<const float, EchoFilter::kBands> unlearnt() const noexcept { return filter_.unlearnt(); }
  // What the filter makes of the last block of the far end: it will be heard when the path's delay is over.
  std::span<const float, kBlock> echo_to_come() const noexcept { return echo_to_come_; }
  // How late the strongest part of the path is; and by the quick belief.
  int delay_samples() const noexcept { return delay_samples_; }
  int believed_delay_samples() const noexcept { return DelayOf(believed_lag_); }
  bool following() const noexcept { return following_; }
  // What the filter makes of the far end was in what was heard, since it began to learn.
  bool proven() const noexcept { return following_ && proven_; }
  // And it explains what was heard of late, so that the path is where it was.
  bool explains() const noexcept { return proven() && unexplained_blocks_ < kDoubtedBlocks; }
  // Of the last 30 ms of the near end, the share that the echo explains: at the delay that was known before the block, and
  // by the quick belief.
  float explained() const noexcept { return explained_; }
  float most_explained() const noexcept { return most_explained_; }

 private:
  using Block = std::array<float, kBlock>;
  // The path's strongest part lies so far into the filter.
  static constexpr int kHeadroomSamples = 4 * kRateHz / 1000;
  static constexpr int kDoubtedBlocks = 3;
  static constexpr size_t kSearchSamples = 30 * kRateHz / 1000;

  // A stream's past; any stretch of it lies in one piece.
  class Past {
   public:
    explicit Past(size_t samples) : samples_(samples + (kBlock - samples % kBlock) % kBlock), twice_(2 * samples_) {}
    void Push(std::span<const float> block) noexcept TALKPATH_NONBLOCKING;
    // `count` samples, after the newest of which `ago` have come.
    const float* At(size_t count, size_t ago) const noexcept TALKPATH_NONBLOCKING { return &twice_[end_ + samples_ - ago - count]; }

   private:
    const size_t samples_;
    std::vector<float> twice_;
    size_t end_ = 0;
  };

  size_t Lag() const noexcept { return static_cast<size_t>(delay_samples_ > kHeadroomSamples ? delay_samples_ - kHeadroomSamples : 0); }
  static int DelayOf(size_t lag) noexcept { return static_cast<int>(lag) + kHeadroomSamples; }
  void MakeEcho() noexcept TALKPATH_NONBLOCKING;
  Block EchoOf(std::span<const float, EchoFilter::kTaps> taps, size_t ago) const noexcept TALKPATH_NONBLOCKING;
  void PushEcho(std::span<const float, kBlock> echo) noexcept TALKPATH_NONBLOCKING;
  // `count` samples of the echo, were it so late.
  const float* EchoAt(size_t count, size_t lag) const noexcept TALKPATH_NONBLOCKING { return echo_.At(count, lag - unmade_samples_); }
  void BeSure() noexcept TALKPATH_NONBLOCKING;
  void Follow() noexcept TALKPATH_NONBLOCKING;
  void MakeExact() noexcept TALKPATH_NONBLOCKING;
  size_t Believed(DelayBelief& belief, std::span<const float> near_halves) noexcept TALKPATH_NONBLOCKING;
  float ExplainedAt(size_t lag) const noexcept TALKPATH_NONBLOCKING;
  size_t ToTheSample(size_t lag) const noexcept TALKPATH_NONBLOCKING;
  void Forget() noexcept TALKPATH_NONBLOCKING;
  bool IsOfUse(std::span<const float, kBlock> near_end) noexcept TALKPATH_NONBLOCKING;

  const size_t farthest_lag_;
  EchoFilter filter_;
  Past far_;
  Past near_;
  // What the filter makes of the far end, as if it came back at once; made only when it may be heard, as the filter has learnt
  // by then.
  Past echo_;
  Past echo_halves_;  // the same at half the rate
  size_t unmade_samples_ = 0;
  Block echo_to_come_{};
  DelayBelief quick_;
  DelayBelief steady_;
  bool following_ = false;
  bool proven_ = false;
  int delay_samples_ = 0;
  size_t believed_lag_ = 0;   // by quick_
  int apart_blocks_ = 0;      // for which that has been another
  size_t steady_lag_ = 0;     // by steady_
  int elsewhere_blocks_ = 0;  // for which it has been the same, and not the known one
  Block residual_{};
  float near_energy_ = 0.0f;  // of the last kSearchSamples
  float explained_ = 0.0f;
  float most_explained_ = 0.0f;
  int unexplained_blocks_ = 0;
  int inexact_blocks_ = 0;  // to come
  // Of late, and added up: what was heard and what was to be heard of the echo.
  float heard_energy_ = 0.0f;
  float echo_energy_ = 0.0f;
  float product_ = 0.0f;
  int useless_blocks_ = 0;
};

}  // namespace talkpath
