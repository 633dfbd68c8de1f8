// The native half of one call: an uplink, a downlink, and the two handles on them.
//
// The line end (media thread) and the agent end (control thread) each touch only their side of the queues;
// the tick thread runs both paths. Each function names its thread.
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <span>

#include "base/clock.h"
#include "base/realtime.h"
#include "base/result.h"
#include "queue/spsc_queue.h"
#include "session/downlink.h"
#include "session/event_sink.h"
#include "session/session_config.h"
#include "session/session_stats.h"
#include "session/uplink.h"

namespace talkpath {

class Session {
 public:
  // Allocates everything that the call will need, and builds the filters between its fixed rates.
  static Result<std::unique_ptr<Session>> Create(const SessionConfig& config);

  // Thread: any. True for the first who asks: each end is one handle on one thread.
  [[nodiscard]] bool ClaimLineEnd() noexcept { return !line_end_claimed_.test_and_set(); }
  [[nodiscard]] bool ClaimAgentEnd() noexcept { return !agent_end_claimed_.test_and_set(); }

  // Thread: line end.
  // Takes samples of the caller at a rate of kStreamRatesHz; returns how many fitted.
  size_t PushFromLine(std::span<const int16_t> samples, int rate_hz);
  // Copies out whole frames for the line, up to samples.size(); returns samples.
  [[nodiscard]] size_t DrainToLine(std::span<int16_t> samples) noexcept { return downlink_.DrainToLine(samples); }

  // Thread: agent end.
  // Starts the caller's audio towards the agent at this rate of kStreamRatesHz. `start_depth_ms` of a reply are queued
  // before it starts, until the agent has shown its jitter: 20 for one that gives audio as steadily as it gets it.
  void AttachAgent(int agent_rate_hz, int start_depth_ms, int64_t now_ns = MonotonicNs());
  [[nodiscard]] size_t DrainToAgent(std::span<int16_t> samples, int64_t now_ns = MonotonicNs()) noexcept;
  [[nodiscard]] std::optional<SessionEvent> NextEvent() noexcept { return events_.Pop(); }
  // Queues audio of a turn at a rate of kStreamRatesHz up to 48000; returns how many samples fitted.
  size_t PushFromAgent(uint32_t turn, std::span<const int16_t> samples, int rate_hz, bool ends_reply);
  // Room for one more push. An end-of-reply mark without samples needs it.
  bool HasPushSpace() noexcept { return downlink_.HasSegmentSpace(); }
  // False when 64 commands are waiting: the tick thread has stopped.
  [[nodiscard]] bool Send(SessionCommand command) noexcept { return commands_.TryPush(command); }

  // Thread: tick.
  void Start(int64_t now_ns) noexcept TALKPATH_NONBLOCKING { downlink_.Start(now_ns); }
  void Tick(int64_t now_ns) noexcept TALKPATH_NONBLOCKING;

  // Thread: any.
  SessionSnapshot Snapshot() const noexcept;
  int line_rate_hz() const noexcept { return downlink_.line_rate_hz(); }

 private:
  Session(const SessionConfig& config, std::unique_ptr<EventSink> events, std::unique_ptr<Uplink> uplink);

  void RunCommands(int64_t now_ns) noexcept TALKPATH_NONBLOCKING;
  void ReferenceToUplink() noexcept TALKPATH_NONBLOCKING;

  const std::unique_ptr<EventSink> events_owner_;
  EventSink& events_;
  const std::unique_ptr<Uplink> uplink_;
  Downlink downlink_;
  SpscQueue<SessionCommand> commands_;
  std::atomic_flag line_end_claimed_;
  std::atomic_flag agent_end_claimed_;

  // Owned by the tick thread.
  bool barge_in_armed_ = false;
  Resampler far_end_resampler_;
  std::array<float, kMaxLineFrameSamples> taken_{};
  std::array<float, SamplesPerFrame(kMaxProcessingRateHz) + 16> far_end_{};
};

}  // namespace talkpath
