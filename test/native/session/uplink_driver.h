// An uplink on a simulated clock, with a line at one end and an agent at the other.
#pragma once

#include <memory>
#include <vector>

#include "base/clock.h"
#include "dsp/resampler_kernel.h"
#include "session/uplink.h"
#include "support/signals.h"

namespace talkpath::test {

class UplinkDriver {
 public:
  explicit UplinkDriver(const SessionConfig& config = {}, int agent_rate_hz = 8000) {
    auto uplink = Uplink::Create(config, events_);
    if (!uplink) return;
    uplink_ = std::move(*uplink);
    for (int rate_hz : kStreamRatesHz) {
      (void)ResamplerKernel::Get(rate_hz, uplink_->processing_rate_hz());
      (void)ResamplerKernel::Get(uplink_->processing_rate_hz(), rate_hz);
    }
    if (agent_rate_hz > 0) uplink_->SetAgentRate(agent_rate_hz);
  }

  Uplink& uplink() { return *uplink_; }
  double now_ms() const { return static_cast<double>(now_ns_) / kNsPerMs; }
  void Pass(int ms) { now_ns_ += ms * kNsPerMs; }

  size_t Push(std::span<const int16_t> samples, int rate_hz = 8000) { return uplink_->PushFromLine(samples, rate_hz); }

  // One tick; what the agent gets is appended to `heard`.
  bool Tick() {
    const bool started = uplink_->Tick(now_ns_);
    now_ns_ += kBlockMs * kNsPerMs;
    Drain();
    return started;
  }
  void Ticks(int count) {
    for (int i = 0; i < count; ++i) Tick();
  }
  void Drain() {
    Pcm samples(4096);
    while (const size_t count = uplink_->DrainToAgent(samples)) {
      heard.insert(heard.end(), samples.begin(), samples.begin() + static_cast<long>(count));
    }
  }

  // Speaks in 20 ms frames, as an undisturbed line does.
  void Speak(std::span<const int16_t> samples, int rate_hz = 8000) {
    const size_t frame = SamplesPerFrame(rate_hz);
    for (size_t at = 0; at < samples.size(); at += frame) {
      (void)Push(samples.subspan(at, std::min(frame, samples.size() - at)), rate_hz);
      Ticks(kBlocksPerFrame);
    }
  }
  void Speak(std::span<const float> samples, int rate_hz = 8000) { Speak(std::span<const int16_t>(ToPcm(samples)), rate_hz); }

  std::vector<SessionEvent> Events() {
    std::vector<SessionEvent> events;
    while (const std::optional<SessionEvent> event = events_.Pop()) events.push_back(*event);
    return events;
  }

  SessionSnapshot Snapshot() const {
    SessionSnapshot snapshot;
    uplink_->AddTo(snapshot);
    return snapshot;
  }

  Pcm heard;  // by the agent

 private:
  EventSink events_;
  std::unique_ptr<Uplink> uplink_;
  int64_t now_ns_ = 5000 * kNsPerSecond;
};

}  // namespace talkpath::test
