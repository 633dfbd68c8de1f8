// What a session is set up with; it does not change while the call lasts.
#pragma once

#include <array>

#include "base/result.h"
#include "dsp/echo_canceller.h"
#include "dsp/noise_suppressor.h"
#include "dsp/speech_tracker.h"

namespace talkpath {

struct SessionConfig {
  int line_rate_hz = 8000;  // of the frames to the line; what comes from the line may differ
  float high_pass_hz = 80.0f;
  NoiseSuppression noise_suppression = NoiseSuppression::kOff;
  EchoCancellation echo_cancellation = EchoCancellation::kNever;
  int echo_max_delay_ms = 1200;
  int voice_mode = 2;  // 0 hears most, 3 believes least
  SpeechTrackerSettings speech;
  float comfort_noise_dbfs = 0.0f;  // while the agent is silent; 0 is none

  bool operator==(const SessionConfig&) const = default;
};

// Fails for the first setting that is out of its range, and names it as docs/configuration.md does.
Result<void> Validate(const SessionConfig& config);

inline constexpr std::array kProcessingRatesHz = {8000, 16000, 48000};

// The rate that the uplink's stages work at: WebRTC's stages want 16 or 48 kHz, the detector alone also 8.
constexpr int ProcessingRateHz(const SessionConfig& config) {
  if (config.line_rate_hz > 16000) return 48000;
  const bool wideband_stages = config.noise_suppression != NoiseSuppression::kOff || config.echo_cancellation != EchoCancellation::kNever;
  return wideband_stages ? 16000 : config.line_rate_hz;
}

}  // namespace talkpath
