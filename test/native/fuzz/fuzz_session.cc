// A whole session between a line and an agent that do anything at any time: any rates and sizes, turns in any order,
// commands, stalls of each side, a clock that jumps.
#include <algorithm>
#include <array>
#include <memory>
#include <vector>

#include "base/clock.h"
#include "base/realtime.h"
#include "fuzz/fuzz_targets.h"
#include "session/session.h"

namespace talkpath::fuzz {
namespace {

constexpr int64_t kStartNs = 5000 * kNsPerSecond;
constexpr double kStartMs = 5000.0 * 1000.0;
constexpr int kMostTicks = 3000;
constexpr int kLastTurn = 9;
constexpr std::array kAgentRatesHz = {8000, 12000, 16000, 22050, 24000, 32000, 44100, 48000};

class Call {
 public:
  explicit Call(FuzzInput& input) : input_(input) {
    SessionConfig config = {.line_rate_hz = input.OneOf(kLineRatesHz), .voice_mode = input.Between(0, 3)};
    const int stages = input.Between(0, 15);  // most calls have none: these cost the most
    if (stages == 1 || stages == 3) config.echo_cancellation = EchoCancellation::kAlways;
    if (stages == 4) config.echo_cancellation = EchoCancellation::kAuto;
    config.noise_suppression = static_cast<NoiseSuppression>(stages == 2 || stages == 3 ? input.Between(1, 3) : 0);
    auto session = Session::Create(config);
    Require(session.has_value(), "these settings make a session");
    session_ = std::move(*session);
    frame_samples_ = SamplesPerFrame(config.line_rate_hz);
    session_->Start(now_ns_);
  }

  void Run() {
    while (!input_.AtEnd() && ticks_ < kMostTicks) {
      switch (input_.Between(0, 7)) {
        case 0: PushFromLine(); break;
        case 1: PushFromAgent(); break;
        case 2: Command(); break;
        case 3: now_ns_ += input_.Between(0, 3000) * kNsPerMs; break;  // the process stood still
        case 4: session_->AttachAgent(input_.OneOf(kStreamRatesHz), input_.Between(20, 1000)); break;
        default: Ticks(input_.Between(1, 12));
      }
    }
    ListenToTheEnd();
  }

 private:
  void PushFromLine() {
    std::vector<int16_t> samples(static_cast<size_t>(input_.Size(20'000)));
    input_.Fill(samples);
    const size_t taken = session_->PushFromLine(samples, input_.OneOf(kStreamRatesHz));
    Require(taken <= samples.size(), "no more is taken than was given");
    pushed_ += samples.size();
  }

  void PushFromAgent() {
    std::vector<int16_t> samples(static_cast<size_t>(input_.Size(20'000)));
    input_.Fill(samples);
    const uint32_t turn = static_cast<uint32_t>(input_.Between(0, kLastTurn));
    const size_t taken = session_->PushFromAgent(turn, samples, input_.OneOf(kAgentRatesHz), input_.Chance());
    Require(taken <= samples.size(), "no more is taken than was given");
  }

  void Command() {
    const auto type = static_cast<SessionCommandType>(input_.Between(0, 4));
    (void)session_->Send({.type = type, .turn = static_cast<uint32_t>(input_.Between(0, kLastTurn))});
  }

  void Ticks(int count) {
    const bool line_reads = input_.Between(0, 7) > 0;
    const bool agent_reads = input_.Between(0, 7) > 0;
    for (; count > 0; --count, ++ticks_) {
      Tick();
      if (line_reads) DrainLine();
      if (agent_reads) DrainAgent();
    }
  }

  // Returns whether anything was heard.
  bool DrainLine() {
    bool sound = false;
    for (size_t count; (count = session_->DrainToLine(std::span(buffer_).first(2 * frame_samples_ + 1))) > 0; heard_ += count) {
      Require(count % frame_samples_ == 0, "the line gets whole frames");
      sound = sound || std::any_of(buffer_.begin(), buffer_.begin() + static_cast<long>(count), [](int16_t sample) { return sample != 0; });
    }
    return sound;
  }

  void DrainAgent() {
    while (session_->DrainToAgent(buffer_) > 0) {
    }
    while (const std::optional<SessionEvent> event = session_->NextEvent()) TakeEvent(*event);
  }

  void TakeEvent(const SessionEvent& event) {
    const double now_ms = static_cast<double>(now_ns_) / kNsPerMs;
    Require(event.at_ms >= last_event_ms_ && event.at_ms <= now_ms, "events come in the order of time");
    Require(event.ago_ms >= 0.0 && event.stream_ms >= 0.0 && event.played_ms >= 0.0, "no time of an event is below zero");
    last_event_ms_ = event.at_ms;
    if (event.type != SessionEventType::kSpeechStarted && event.type != SessionEventType::kSpeechEnded) return;
    const bool started = event.type == SessionEventType::kSpeechStarted;
    Require(started != speaking_ || session_->Snapshot().events_lost > 0, "speech starts and ends in turn");
    speaking_ = started;
  }

  void ListenToTheEnd() {
    const SessionSnapshot snapshot = session_->Snapshot();
    Require(snapshot.line_samples_in + snapshot.line_samples_dropped == pushed_, "each sample of the line is taken or counted as dropped");
    Require(snapshot.concealed_ms >= 0.0 && snapshot.playout_depth_ms >= 0.0, "no counter is below zero");
    // Everything that was said is over: a fade at most is still heard.
    while (!session_->Send({.type = SessionCommandType::kFlush, .turn = kLastTurn})) Tick();
    (void)session_->Send({.type = SessionCommandType::kResume});
    for (int tick = 0; tick < 20; ++tick) TickAndDrain();
    for (int tick = 0; tick < 20; ++tick) Require(!TickAndDrain(), "nothing is heard of turns that are over");
    Require(session_->Snapshot().playout_depth_ms == 0.0, "nothing is kept of turns that are over");
    Require(session_->Snapshot().frames_out * frame_samples_ == heard_, "each frame that is counted was heard");
    CheckFrames();
  }

  void Tick() {
    const RealtimeSection section;
    session_->Tick(now_ns_);
    now_ns_ += kBlockMs * kNsPerMs;
  }
  bool TickAndDrain() {
    Tick();
    DrainAgent();
    return DrainLine();
  }

  // Of the frames that were due each was made, or is missing for a cause that is counted.
  void CheckFrames() {
    const SessionSnapshot snapshot = session_->Snapshot();
    const double elapsed_ms = static_cast<double>(now_ns_ - kStartNs) / kNsPerMs;
    const double accounted_ms = static_cast<double>(snapshot.frames_out) * kFrameMs +
                                snapshot.gaps[static_cast<size_t>(GapCause::kEngineLate)].ms +
                                snapshot.gaps[static_cast<size_t>(GapCause::kLineBackPressure)].ms;
    Require(accounted_ms <= elapsed_ms + kFrameMs, "no frame is made before it is due");
    Require(accounted_ms >= elapsed_ms - 2 * kFrameMs - 100, "no frame is missing without a cause");
  }

  FuzzInput& input_;
  std::unique_ptr<Session> session_;
  size_t frame_samples_ = 0;
  std::array<int16_t, 4096> buffer_;
  int64_t now_ns_ = kStartNs;
  int ticks_ = 0;
  uint64_t pushed_ = 0;
  uint64_t heard_ = 0;
  double last_event_ms_ = kStartMs;
  bool speaking_ = false;
};

}  // namespace

void FuzzSession(FuzzInput& input) { Call(input).Run(); }

}  // namespace talkpath::fuzz
