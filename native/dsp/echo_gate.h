// Says whether what is heard may be the agent's own echo, so that it is not believed to be the caller.
//
// Before a path is known, whatever the far end of any lag explains may be one. Once it is known, the linear filter tells
// more: what it removes was echo; its estimate stands in the near end one to one as long as the path is the one that it
// learnt, and not when the path has just moved; then nothing is believed that a lag nearby explains.
//
// In: 4 ms blocks at 16 kHz. Thread: tick. Process() does not allocate, lock, log or throw.
#pragma once

#include <span>

#include "base/realtime.h"
#include "dsp/echo_path_finder.h"

namespace talkpath {

class EchoGate {
 public:
  // Takes 4 ms of the near end and what the linear filter left of it, after `path` has.
  void Process(const EchoPathFinder& path, std::span<const float> near_end, std::span<const float> residual) noexcept TALKPATH_NONBLOCKING;

  // What was heard last may be an echo.
  bool may_be_echo() const noexcept { return may_be_echo_; }
  // The linear filter's estimate is strong enough to tell whether it stands in the near end; and it does: the path is
  // where it was.
  bool filter_counts() const noexcept TALKPATH_NONBLOCKING;
  bool filter_fits() const noexcept TALKPATH_NONBLOCKING;
  // The agent's speech is on its way back: the caller's is to be believed more slowly.
  bool echo_expected() const noexcept { return echo_expected_; }

 private:
  void Measure(std::span<const float> near_end, std::span<const float> residual) noexcept TALKPATH_NONBLOCKING;
  bool MayBeEcho(const EchoPathFinder& path) const noexcept TALKPATH_NONBLOCKING;
  bool MayHaveMoved(const EchoPathFinder& path, size_t nearest, size_t farthest) const noexcept TALKPATH_NONBLOCKING;

  // Means over the last 40 ms, of one sample.
  float near_power_ = 0.0f;
  float residual_power_ = 0.0f;
  float estimate_power_ = 0.0f;     // of what the filter takes for echo
  float near_and_estimate_ = 0.0f;  // their product
  float noise_power_ = 1e6f;        // what the residual falls to in pauses
  int blocks_ = 0;
  bool may_be_echo_ = false;
  bool echo_expected_ = false;
};

}  // namespace talkpath
