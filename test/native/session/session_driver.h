// A whole session on a simulated clock, with a line at one end and an agent at the other.
#pragma once

#include <memory>
#include <vector>

#include "base/clock.h"
#include "session/session.h"
#include "support/signals.h"

namespace talkpath::test {

struct SessionDriverSpec {
  SessionConfig config;
  int agent_rate_hz = 16000;
  int start_depth_ms = 40;
};

class SessionDriver {
 public:
  explicit SessionDriver(const SessionDriverSpec& spec = {}) : session_(std::move(*Session::Create(spec.config))) {
    session_->Start(now_ns_);
    if (spec.agent_rate_hz > 0) session_->AttachAgent(spec.agent_rate_hz, spec.start_depth_ms);
  }

  Session& session() { return *session_; }
  double now_ms() const { return static_cast<double>(now_ns_) / kNsPerMs; }
  void Order(SessionCommandType type, uint32_t turn = 0) { (void)session_->Send({.type = type, .turn = turn}); }

  // One tick, both ends drained: returns what the line got.
  Pcm Tick() {
    session_->Tick(now_ns_);
    now_ns_ += kBlockMs * kNsPerMs;
    Pcm agent(4096);
    while (const size_t count = session_->DrainToAgent(agent)) {
      agent_heard.insert(agent_heard.end(), agent.begin(), agent.begin() + static_cast<long>(count));
    }
    Pcm line(4 * kMaxLineFrameSamples);
    line.resize(session_->DrainToLine(line));
    line_heard.insert(line_heard.end(), line.begin(), line.end());
    while (const std::optional<SessionEvent> event = session_->NextEvent()) events.push_back(*event);
    return line;
  }
  void Ticks(int count) {
    for (int i = 0; i < count; ++i) Tick();
  }
  // The caller speaks in 10 ms pieces.
  void Speak(std::span<const int16_t> samples, int rate_hz) {
    const size_t block = SamplesPerBlock(rate_hz);
    for (size_t at = 0; at + block <= samples.size(); at += block) {
      (void)session_->PushFromLine(samples.subspan(at, block), rate_hz);
      Tick();
    }
  }

  const SessionEvent* Find(SessionEventType type) const {
    for (const SessionEvent& event : events) {
      if (event.type == type) return &event;
    }
    return nullptr;
  }

  Pcm line_heard;
  Pcm agent_heard;
  std::vector<SessionEvent> events;

 private:
  std::unique_ptr<Session> session_;
  int64_t now_ns_ = 5000 * kNsPerSecond;
};

}  // namespace talkpath::test
