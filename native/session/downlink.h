// Agent to caller: bursts of any size become one frame every 20 ms, silence when there is nothing.
//
// Thread: PushFromAgent() agent end, DrainToLine() line end, the rest tick, where nothing allocates, locks,
// logs or throws.
#pragma once

#include <array>
#include <atomic>
#include <span>
#include <vector>

#include "base/realtime.h"
#include "dsp/resampler.h"
#include "playout/comfort_noise.h"
#include "playout/concealer.h"
#include "playout/jitter_buffer.h"
#include "playout/pacer.h"
#include "queue/spsc_ring.h"
#include "session/event_sink.h"
#include "session/session_config.h"
#include "session/session_stats.h"

namespace talkpath {

class Downlink {
 public:
  Downlink(const SessionConfig& config, EventSink& events);

  // Thread: agent end. `rate_hz` is of kStreamRatesHz, at most 48000, its kernel built. Returns what fitted.
  size_t PushFromAgent(uint32_t turn, std::span<const int16_t> samples, int rate_hz, bool ends_reply) noexcept;
  bool HasSegmentSpace() noexcept { return jitter_buffer_.input().HasSegmentSpace(); }
  // The agent end is there: silence is its choice from now on, and no longer the set-up's.
  void AgentAttached(int start_depth_ms) noexcept { start_depth_ms_.store(start_depth_ms, std::memory_order_relaxed); }
  // The control thread is alive: called whenever it drains.
  void AgentSeen(int64_t now_ns) noexcept { agent_seen_ns_.store(now_ns, std::memory_order_relaxed); }

  // Thread: line end. Copies out whole frames, up to samples.size(); returns samples.
  [[nodiscard]] size_t DrainToLine(std::span<int16_t> samples) noexcept;

  // Thread: tick.
  void Start(int64_t now_ns) noexcept TALKPATH_NONBLOCKING { pacer_.Start(now_ns); }
  // Makes a frame if one is due and hands it to the line.
  void Tick(int64_t now_ns) noexcept TALKPATH_NONBLOCKING;
  // The next frame (line rate) that the line end has taken, once each; empty when there is none. Valid until the next
  // Tick().
  std::span<const int16_t> NextTaken() noexcept TALKPATH_NONBLOCKING;
  // Fades out within 5 ms of the next frame and holds what is queued.
  void Pause() noexcept TALKPATH_NONBLOCKING;
  void Resume() noexcept TALKPATH_NONBLOCKING;
  // Ends this turn and all before it: what is heard fades within 5 ms, what is queued or still comes is dropped.
  void FlushThrough(uint32_t turn, int64_t now_ns) noexcept TALKPATH_NONBLOCKING;

  bool audible() const noexcept { return jitter_buffer_.playing() && gate_ != Gate::kClosed; }
  int line_rate_hz() const noexcept { return line_rate_hz_; }

  // Thread: any.
  void AddTo(SessionSnapshot& snapshot) const noexcept;

 private:
  enum class Gate { kOpen, kClosing, kClosed, kOpening };

  size_t FramesWaiting() noexcept TALKPATH_NONBLOCKING;
  void HandToLine(std::span<const int16_t> frame) noexcept TALKPATH_NONBLOCKING;
  void MakeFrame(int64_t now_ns) noexcept TALKPATH_NONBLOCKING;
  // What the frame is made of, at the source's rate; returns how much of it: less where a reply changes its rate.
  size_t FillSource(std::span<float> source, int64_t now_ns) noexcept TALKPATH_NONBLOCKING;
  void GoOnAtNextRate(size_t made, int64_t now_ns) noexcept TALKPATH_NONBLOCKING;
  void LayTailOver(std::span<float> samples) noexcept TALKPATH_NONBLOCKING;
  void FadeOut(std::span<float> source, int64_t now_ns) noexcept TALKPATH_NONBLOCKING;
  Pulled PullInto(std::span<float> source, int64_t now_ns) noexcept TALKPATH_NONBLOCKING;
  void UseSourceRate(int rate_hz) noexcept TALKPATH_NONBLOCKING;
  void BlameForStarvation(int64_t now_ns) noexcept TALKPATH_NONBLOCKING;
  void Emit(SessionEventType type, uint32_t turn, int64_t now_ns) noexcept TALKPATH_NONBLOCKING;

  const int line_rate_hz_;
  const size_t frame_samples_;

  // Between threads.
  std::atomic<int> start_depth_ms_{0};  // 0 before the agent is attached
  std::atomic<int64_t> agent_seen_ns_{0};
  SpscRing<int16_t> to_line_;

  // Owned by the tick thread (the jitter buffer's input is the agent end's).
  JitterBuffer jitter_buffer_;
  Concealer concealer_;
  ComfortNoise comfort_noise_;
  Resampler to_line_rate_;
  Pacer pacer_;
  EventSink& events_;
  Gate gate_ = Gate::kOpen;
  uint32_t flush_after_fade_ = 0;
  double reported_ms_ = 0.0;
  int silent_frames_ = kResamplerTailFrames;
  bool agent_speaks_ = false;  // in the frame at hand
  bool agent_sounds_ = false;  // to the end of it
  std::array<int16_t, SamplesPerFrame(kMaxProcessingRateHz)> pulled_{};
  std::array<float, SamplesPerFrame(kMaxProcessingRateHz)> source_{};
  std::array<float, kMaxLineFrameSamples + 16> frame_{};
  std::array<float, kMaxLineFrameSamples + 16> tail_{};
  size_t tail_samples_ = 0;
  size_t tail_at_ = 0;
  std::array<int16_t, kMaxLineFrameSamples> frame_out_{};
  std::vector<int16_t> handed_;  // a ring of the frames in to_line_, and of those just taken from it
  uint64_t frames_handed_ = 0;
  uint64_t frames_taken_ = 0;
  GapLedger gaps_;
  Counter<uint64_t> frames_out_;
  Counter<uint64_t> frames_audible_;
  int expected_depth_ms_ = 0;  // that the jitter buffer was told
  Counter<double> concealed_ms_;
  Counter<uint64_t> concealment_events_;
  Counter<double> trimmed_ms_;
  Counter<double> stretched_ms_;
  Counter<double> depth_ms_;
  Counter<double> start_ms_;
  bool concealing_ = false;
  int64_t stall_from_ns_ = 0;  // when the control thread was seen last, where a gap waits for its cause

  static constexpr int kResamplerTailFrames = 2;
};

}  // namespace talkpath
