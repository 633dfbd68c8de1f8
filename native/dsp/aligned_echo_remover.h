// AEC3's linear filter and suppressor, kept aligned with the echo path that EchoTracker follows.
//
// AEC3 looks for the delay itself, and needs one to three seconds of speech for it, or never finds one beyond half a
// second; here it is told. When the path merely moves, the far end is moved with it and the filter stays.
//
// In and out: blocks of 4 ms in AEC3's bands, far end and near end in pairs. Delay 4 ms where it removes. Thread: tick.
// Process() does not allocate, lock, log or throw. After: WebRTC AEC3, block_processor.cc.
#pragma once

#include <memory>
#include <optional>

#include "absl/types/optional.h"
#include "base/realtime.h"
#include "dsp/aligned_far_end.h"
#include "dsp/caller_detector.h"
#include "dsp/delayed_bands.h"
#include "dsp/echo_path_finder.h"
#include "modules/audio_processing/aec3/block.h"
#include "modules/audio_processing/aec3/delay_estimate.h"
#include "modules/audio_processing/aec3/echo_remover.h"

namespace talkpath {

class AlignedEchoRemover {
 public:
  // `removes_always`: also before an echo was found.
  AlignedEchoRemover(int sample_rate_hz, int max_delay_ms, bool removes_always);

  // Removes the echo from `near_end`, in place. False when there is none, and soon (32 ms later) `near_end` stays as it is.
  bool Process(const webrtc::Block& far_end, bool near_end_clips, webrtc::Block& near_end) noexcept TALKPATH_NONBLOCKING;

  const EchoPathFinder& path() const noexcept { return finder_; }
  const CallerDetector& caller() const noexcept { return caller_; }

 private:
  void Align() noexcept TALKPATH_NONBLOCKING;

  EchoPathFinder finder_;
  CallerDetector caller_;
  const std::unique_ptr<webrtc::EchoRemover> remover_;
  const bool removes_always_;
  webrtc::Block linear_output_;
  DelayedBands delayed_far_end_;
  AlignedFarEnd aligned_far_end_;
  absl::optional<webrtc::DelayEstimate> alignment_;  // of what AEC3 is given: always the same
  int aligned_for_samples_ = 0;  // the path's delay when the far end was last moved
  bool filter_is_stale_ = false;
  int blocks_to_go_on_ = 0;
};

}  // namespace talkpath
