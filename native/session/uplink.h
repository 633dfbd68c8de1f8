// Caller to agent: whatever the line sends becomes blocks at the processing rate, cleaned, listened to,
// and handed on at the agent's rate.
//
// The line is not a clock: it loses frames, sends other sizes, or nothing at all. A line that falls silent
// is filled by the clock, so that speech ends and the agent's stream goes on; what then comes late is
// trimmed where nobody speaks.
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <span>

#include "base/realtime.h"
#include "base/result.h"
#include "dsp/echo_canceller.h"
#include "dsp/high_pass_filter.h"
#include "dsp/noise_floor.h"
#include "dsp/noise_suppressor.h"
#include "dsp/resampler.h"
#include "dsp/speech_tracker.h"
#include "dsp/voice_detector.h"
#include "queue/audio_queue.h"
#include "session/event_sink.h"
#include "session/far_end_reference.h"
#include "session/session_config.h"
#include "session/session_stats.h"

namespace talkpath {

class Uplink {
 public:
  // Allocates; fails when a stage refuses its settings.
  static Result<std::unique_ptr<Uplink>> Create(const SessionConfig& config, EventSink& events);

  // Thread: line end. Takes samples at a rate of kStreamRatesHz (its kernel must have been built).
  // Returns how many fitted.
  size_t PushFromLine(std::span<const int16_t> samples, int rate_hz) noexcept;

  // Thread: agent end. From now on the caller's audio is queued for the agent, at this rate.
  void SetAgentRate(int rate_hz) noexcept { agent_rate_hz_.store(rate_hz, std::memory_order_release); }
  // Thread: agent end. Copies out what is there, up to samples.size().
  [[nodiscard]] size_t DrainToAgent(std::span<int16_t> samples) noexcept { return to_agent_.Read(samples); }

  // Thread: tick. Processes every block that has arrived. Returns true when speech started in one of them.
  bool Tick(int64_t now_ns) noexcept TALKPATH_NONBLOCKING;
  // Thread: tick. What was handed to the line, one block at the processing rate, before the Tick() that may hear it.
  void PushFarEnd(std::span<const float> block) noexcept TALKPATH_NONBLOCKING { far_end_.Push(block); }
  bool wants_far_end() const noexcept { return echo_canceller_ != nullptr; }
  int processing_rate_hz() const noexcept { return processing_rate_hz_; }

  // Thread: any.
  void AddTo(SessionSnapshot& snapshot) const noexcept;

 private:
  Uplink(const SessionConfig& config, EventSink& events);

  void TakeFromLine(int64_t now_ns) noexcept TALKPATH_NONBLOCKING;
  bool NextSegment(int64_t now_ns) noexcept TALKPATH_NONBLOCKING;
  void AppendFromLine(std::span<const int16_t> samples) noexcept TALKPATH_NONBLOCKING;
  void ProcessBlock(std::span<float> block, int64_t now_ns) noexcept TALKPATH_NONBLOCKING;
  void Listen(std::span<const float> block, int64_t now_ns) noexcept TALKPATH_NONBLOCKING;
  void HandToAgent(std::span<const float> block) noexcept TALKPATH_NONBLOCKING;
  void DropSurplus() noexcept TALKPATH_NONBLOCKING;
  void FillByClock(int64_t now_ns) noexcept TALKPATH_NONBLOCKING;
  int64_t BlocksAheadOfClock(int64_t now_ns) const noexcept TALKPATH_NONBLOCKING;
  bool IsSurplus(std::span<const float> block, int64_t now_ns) const noexcept TALKPATH_NONBLOCKING;

  const int processing_rate_hz_;
  const size_t block_samples_;

  // Between line end and tick, and between tick and agent end.
  AudioQueue from_line_;
  SpscRing<int16_t> to_agent_;
  std::atomic<int> agent_rate_hz_{0};

  // Written by the line end.
  Counter<uint64_t> line_samples_in_;
  Counter<uint64_t> line_samples_dropped_;

  // Owned by the tick thread.
  Resampler to_processing_;
  HighPassFilter high_pass_;
  FarEndReference far_end_;
  std::unique_ptr<EchoCanceller> echo_canceller_;
  std::unique_ptr<NoiseSuppressor> noise_suppressor_;
  NoiseFloor noise_floor_;
  std::unique_ptr<VoiceDetector> voice_detector_;
  SpeechTracker speech_;
  Resampler to_agent_rate_;
  EventSink& events_;
  std::array<int16_t, SamplesPerFrame(192000)> raw_{};
  std::array<float, SamplesPerFrame(192000)> raw_float_{};
  std::array<float, 2 * SamplesPerFrame(kMaxProcessingRateHz) + 16> pending_{};
  size_t pending_samples_ = 0;
  AudioSegment taking_{};  // what is left of the segment at hand
  int blocks_left_ = 0;    // that this tick may still process
  std::array<float, 2 * SamplesPerBlock(192000)> agent_float_{};
  std::array<int16_t, 2 * SamplesPerBlock(192000)> agent_block_{};
  int64_t clock_start_ns_ = 0;  // when the first sample came
  int64_t processed_blocks_ = 0;
  bool speech_started_ = false;
  Counter<uint64_t> line_ms_missing_;
  Counter<uint64_t> line_ms_surplus_;
  Counter<uint64_t> agent_samples_dropped_;
};

}  // namespace talkpath
