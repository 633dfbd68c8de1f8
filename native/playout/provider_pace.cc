#include "playout/provider_pace.h"

namespace talkpath {
namespace {

// A mark is believed in for one to two windows, so that clocks may drift.
constexpr double kWindowMs = 5000.0;
// A shorter reply that came no faster than speech has not shown all that its agent can do.
constexpr double kShortestProofMs = 1000.0;
// An agent that gives this much more within a window than it takes to say does not speak live.
constexpr double kMostAheadMs = 100.0;
constexpr double kCaughtUpMs = kFrameMs;

}  // namespace

void ProviderPace::StartReply() noexcept TALKPATH_NONBLOCKING {
  if (ahead_ || (arrivals_ > 0 && arrived_ms_ >= kShortestProofMs)) Forget();
  arrivals_ = 0;
  arrived_ms_ = 0.0;
  outage_ = ahead_ = was_ahead_ = false;
}

void ProviderPace::Arrived(double piece_ms, double now_ms) noexcept TALKPATH_NONBLOCKING {
  const double lead_ms = arrived_ms_ - now_ms;
  if (arrivals_ == 0) {
    window_from_ms_ = now_ms;
    most_lead_ms_ = last_most_lead_ms_ = lead_before_ms_ = lead_ms;
  } else if (now_ms - window_from_ms_ >= kWindowMs) {
    Forget();
    window_from_ms_ = now_ms;
    lead_before_ms_ = last_most_lead_ms_ = most_lead_ms_;
    most_lead_ms_ = lead_ms;
    was_ahead_ = ahead_;
    ahead_ = false;
  }
  ++arrivals_;
  arrived_ms_ += piece_ms;

  const double late_ms = MostLeadMs() - lead_ms;
  if (late_ms > kLongestJitterMs) outage_ = true;
  else if (outage_) outage_ = late_ms > kCaughtUpMs;
  else shown_[newest_] = std::max(shown_[newest_], late_ms);
  most_lead_ms_ = std::max(most_lead_ms_, lead_ms);
  ahead_ = ahead_ || most_lead_ms_ - lead_before_ms_ > kMostAheadMs;
}

void ProviderPace::Forget() noexcept TALKPATH_NONBLOCKING {
  newest_ = (newest_ + 1) % shown_.size();
  shown_[newest_] = 0.0;
}

}  // namespace talkpath
