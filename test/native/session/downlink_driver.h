// A downlink on a simulated clock, with an agent at one end and a line at the other.
#pragma once

#include <algorithm>
#include <vector>

#include "base/clock.h"
#include "dsp/resampler_kernel.h"
#include "session/downlink.h"
#include "support/signals.h"

namespace talkpath::test {

inline constexpr int64_t kEpochNs = 5000 * kNsPerSecond;

class DownlinkDriver {
 public:
  explicit DownlinkDriver(int line_rate_hz = 8000, int start_depth_ms = 40) : DownlinkDriver({.line_rate_hz = line_rate_hz}, start_depth_ms) {}
  explicit DownlinkDriver(const SessionConfig& config, int start_depth_ms = 40) : downlink_(config, events_) {
    for (int rate_hz : kStreamRatesHz) (void)ResamplerKernel::Get(rate_hz, config.line_rate_hz);
    downlink_.Start(now_ns_);
    if (start_depth_ms > 0) downlink_.AgentAttached(start_depth_ms);
  }

  Downlink& downlink() { return downlink_; }
  int64_t now_ns() const { return now_ns_; }
  void Pass(int ms) { now_ns_ += ms * kNsPerMs; }
  void set_agent_stalls(bool stalls) { agent_stalls_ = stalls; }
  void set_line_stalls(bool stalls) { line_stalls_ = stalls; }

  // The agent says something. Returns how many samples fitted.
  size_t Say(uint32_t turn, const Pcm& samples, int rate_hz = 8000, bool ends_reply = false) {
    return downlink_.PushFromAgent(turn, samples, rate_hz, ends_reply);
  }
  size_t SayAll(uint32_t turn, const Pcm& samples, int rate_hz = 8000) { return Say(turn, samples, rate_hz, true); }
  void Flush(uint32_t turn) { downlink_.FlushThrough(turn, now_ns_); }

  // One tick; returns what the line got.
  Pcm Tick() {
    if (!agent_stalls_) downlink_.AgentSeen(now_ns_);
    downlink_.Tick(now_ns_);
    now_ns_ += kBlockMs * kNsPerMs;
    return line_stalls_ ? Pcm{} : Drain();
  }
  Pcm Drain() {
    Pcm samples(64 * SamplesPerFrame(downlink_.line_rate_hz()));
    samples.resize(downlink_.DrainToLine(samples));
    return samples;
  }
  // What the line gets in this many frames of 20 ms.
  Pcm Frames(int count) {
    Pcm heard;
    for (int tick = 0; tick < count * kBlocksPerFrame; ++tick) {
      const Pcm frame = Tick();
      heard.insert(heard.end(), frame.begin(), frame.end());
    }
    return heard;
  }

  std::vector<SessionEvent> Events() {
    std::vector<SessionEvent> events;
    while (const std::optional<SessionEvent> event = events_.Pop()) events.push_back(*event);
    return events;
  }
  // The events without those of progress.
  std::vector<SessionEvent> Milestones() {
    std::vector<SessionEvent> events = Events();
    std::erase_if(events, [](const SessionEvent& event) { return event.type == SessionEventType::kPlayoutProgressed; });
    return events;
  }

  SessionSnapshot Snapshot() const {
    SessionSnapshot snapshot;
    downlink_.AddTo(snapshot);
    return snapshot;
  }
  GapCount Gap(GapCause cause) const { return Snapshot().gaps[static_cast<size_t>(cause)]; }

 private:
  EventSink events_;
  Downlink downlink_;
  int64_t now_ns_ = kEpochNs;
  bool agent_stalls_ = false;
  bool line_stalls_ = false;
};

inline bool Silent(std::span<const int16_t> samples) {
  return std::ranges::all_of(samples, [](int16_t sample) { return sample == 0; });
}

}  // namespace talkpath::test
