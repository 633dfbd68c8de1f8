#include "session/session_config.h"

#include <array>
#include <cmath>
#include <cstdio>

#include "base/audio_format.h"
#include "dsp/high_pass_filter.h"
#include "dsp/voice_detector.h"
#include "playout/comfort_noise.h"

namespace talkpath {
namespace {

std::string Text(int value) { return std::to_string(value); }

std::string Text(float value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0.0f ? "-Infinity" : "Infinity";
  std::array<char, 32> text;
  std::snprintf(text.data(), text.size(), "%g", static_cast<double>(value));
  return text.data();
}

// What is no number is within nothing.
template <typename T>
Result<void> Within(const char* kind, const char* field, T value, T least, T most) {
  if (value >= least && value <= most) return {};
  return Fail(std::string("Expected ") + kind + " between " + Text(least) + " and " + Text(most) + " for " + field + " but received " + Text(value));
}

Result<void> IntegerWithin(const char* field, int value, int least, int most) { return Within("integer", field, value, least, most); }

Result<void> LineRate(int rate_hz) {
  if (IsLineRate(rate_hz)) return {};
  return Fail("Expected one of 8000, 16000, 24000 for line_rate_hz but received " + Text(rate_hz));
}

Result<void> ComfortNoiseLevel(float dbfs) {
  if (dbfs == 0.0f) return {};
  return Within("0 or a number", "comfort_noise_dbfs", dbfs, ComfortNoise::kQuietestDbfs, ComfortNoise::kLoudestDbfs);
}

}  // namespace

Result<void> Validate(const SessionConfig& config) {
  using Speech = SpeechTrackerSettings;
  for (const Result<void>& checked : {
           LineRate(config.line_rate_hz),
           Within("number", "high_pass_hz", config.high_pass_hz, HighPassFilter::kLowestHz, HighPassFilter::kHighestHz),
           IntegerWithin("noise_suppression", static_cast<int>(config.noise_suppression), 0, static_cast<int>(NoiseSuppression::kHigh)),
           IntegerWithin("echo_cancellation", static_cast<int>(config.echo_cancellation), 0, static_cast<int>(EchoCancellation::kAuto)),
           IntegerWithin("echo_max_delay_ms", config.echo_max_delay_ms, EchoCanceller::kShortestMaxDelayMs, EchoCanceller::kLongestMaxDelayMs),
           IntegerWithin("voice_mode", config.voice_mode, 0, VoiceDetector::kModes - 1),
           IntegerWithin("speech_onset_ms", config.speech.onset_ms, Speech::kShortestOnsetMs, Speech::kLongestOnsetMs),
           IntegerWithin("speech_slow_onset_ms", config.speech.slow_onset_ms, Speech::kShortestOnsetMs, Speech::kLongestOnsetMs),
           IntegerWithin("speech_hangover_ms", config.speech.hangover_ms, Speech::kShortestHangoverMs, Speech::kLongestHangoverMs),
           ComfortNoiseLevel(config.comfort_noise_dbfs),
       }) {
    if (!checked) return checked;
  }
  return {};
}

}  // namespace talkpath
