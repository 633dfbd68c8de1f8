// Says whether the caller's line returns what the agent said, and how late.
//
// Correlates the spectra of the near end with those of the far end of the last second, lag by lag, and looks for the
// one lag that explains more of the near end than chance does. The caller's speech, noise and music explain nothing. What
// is too loud for an echo is none (echo_ceiling.h).
//
// In: 4 ms blocks at 16 kHz, far end and near end in pairs. Thread: tick. Process() does not allocate, lock, log or
// throw; it does its work at every fourth block.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/realtime.h"
#include "dsp/echo_ceiling.h"
#include "dsp/hop_spectrum.h"
#include "dsp/lag_spectra.h"

namespace talkpath {

class EchoPathFinder {
 public:
  // Looks for echoes up to this late.
  explicit EchoPathFinder(int max_delay_ms);

  enum class Known {
    kNothing,
    kSettled,    // a filter fits: what looks like a move is, more often than not, the pitch of a voice
    kExplained,  // and it explains what is heard: nothing is looked for
  };

  // Takes 4 ms of both ends. True when the delay of an echo path is sure by them: a new one, a moved one, or the same again.
  bool Process(std::span<const float> far_end, std::span<const float> near_end, Known known = Known::kNothing) noexcept TALKPATH_NONBLOCKING;

  // An echo was found, and a long time of the agent's speech without one has not passed since.
  bool found() const noexcept { return found_; }
  // What is heard may be an echo: the agent sounded within the longest delay, and an echo was found, or has not been ruled
  // out, be it by the agent's having spoken for long enough without one, be it because what is heard is too loud for one.
  bool echo_possible() const noexcept TALKPATH_NONBLOCKING;
  // How late its strongest part is.
  int delay_samples() const noexcept { return delay_samples_; }
  // The share of the near end that the far end of any one lag explains; 0 where the far end is not active, or nothing is
  // looked for.
  float explained() const noexcept { return explained_; }
  // How far the near end stands over the loudest echo that is possible, in dB.
  float over_ceiling_db() const noexcept { return over_ceiling_db_; }

 private:
  struct Candidate {
    int samples = 0;
    float score = 0.0f;
  };
  // The agent sounded within the longest delay, so that an echo may be on its way.
  bool FarEndActive() const noexcept TALKPATH_NONBLOCKING { return hops_since_far_end_ < static_cast<int>(far_.lags()); }
  bool Vote(Known known) noexcept TALKPATH_NONBLOCKING;
  void CountTowardsLoss(float height) noexcept TALKPATH_NONBLOCKING;

  HopSpectrum far_window_;
  HopSpectrum near_window_;
  FarSpectra far_;
  LagSpectra path_;
  EchoCeiling ceiling_;
  bool found_ = false;
  int delay_samples_ = 0;
  float explained_ = 0.0f;
  float over_ceiling_db_ = 0.0f;
  Candidate candidate_;
  int hops_since_far_end_ = 0;
  int active_hops_without_echo_ = 0;
};

}  // namespace talkpath
