// How the agent's audio comes: how unevenly, and whether it comes as it is spoken or faster than it is heard.
//
// The lead of a piece is how far it is ahead of real time. The earliest piece of late sets the mark; by how much
// others fall behind it is the jitter. What falls behind by more than kLongestJitterMs is an outage: no depth
// would have covered it, and it tells nothing about the pieces to come.
//
// Thread: tick. Nothing allocates, locks, logs or throws.
// After: WebRTC NetEq's relative arrival delay; what differs is the maximum of late instead of a histogram, and
// that agents which are faster than speech are told apart.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

#include "base/audio_format.h"
#include "base/realtime.h"

namespace talkpath {

class ProviderPace {
 public:
  static constexpr double kLongestJitterMs = 120.0;

  // Before anything was shown.
  void Expect(double jitter_ms) noexcept TALKPATH_NONBLOCKING { shown_.fill(jitter_ms); }

  // What comes next is another reply.
  void StartReply() noexcept TALKPATH_NONBLOCKING;
  // The next `piece_ms` of the reply are here.
  void Arrived(double piece_ms, double now_ms) noexcept TALKPATH_NONBLOCKING;

  // How much later than the earliest the others come, at most; of the last replies, or windows of a long one.
  double jitter_ms() const noexcept TALKPATH_NONBLOCKING { return *std::max_element(shown_.begin(), shown_.end()); }
  // The reply comes as it is spoken: what waits is delay.
  bool live() const noexcept { return arrivals_ >= kArrivalsToKnow && !outage_ && !ahead_ && !was_ahead_; }
  // How long a piece without any lateness waits until it is heard, when `played_ms` of the reply were.
  double DelayMs(double played_ms, double now_ms) const noexcept TALKPATH_NONBLOCKING { return now_ms - played_ms + MostLeadMs(); }

 private:
  static constexpr int kArrivalsToKnow = 10;

  double MostLeadMs() const noexcept TALKPATH_NONBLOCKING { return std::max(most_lead_ms_, last_most_lead_ms_); }
  void Forget() noexcept TALKPATH_NONBLOCKING;

  // The jitter of each window.
  std::array<double, 4> shown_{};
  size_t newest_ = 0;
  // Of the reply.
  int arrivals_ = 0;
  double arrived_ms_ = 0.0;
  bool outage_ = false;  // until the reply has caught up
  // Of the window at hand, and of the one before.
  double window_from_ms_ = 0.0;
  double most_lead_ms_ = 0.0;
  double last_most_lead_ms_ = 0.0;
  double lead_before_ms_ = 0.0;  // where the window began
  bool ahead_ = false;
  bool was_ahead_ = false;
};

}  // namespace talkpath
