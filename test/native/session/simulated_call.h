// A whole call on a simulated clock: caller, line, agent, control thread and engine do whatever they may, by seed.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "session/session.h"
#include "session/simulated_agent.h"

namespace talkpath::test {

// What came of it. Two runs of one seed give the same, to the last bit.
struct SimulatedOutcome {
  SessionSnapshot snapshot;
  double elapsed_ms = 0.0;
  uint64_t line_hash = 0;   // of every sample handed to the line
  uint64_t agent_hash = 0;  // of every sample handed to the agent
  uint64_t event_hash = 0;
  double agent_ms = 0.0;    // of the caller's audio that the agent got
  // Frames made, by what is in them.
  uint64_t frames_of_speech = 0;
  uint64_t frames_concealed = 0;
  uint64_t frames_of_silence = 0;
  uint64_t replies_ended = 0;
  uint64_t replies_flushed = 0;
  uint64_t speech_starts = 0;
  double sharpest_bend = 0.0;  // second difference of what the line was given
  std::vector<std::string> broken;  // what must never be, and was; the first ten
};

class SimulatedCall {
 public:
  explicit SimulatedCall(uint64_t seed);
  SimulatedOutcome Run(int duration_ms);

 private:
  double now_ms() const { return static_cast<double>(now_ns_) / kNsPerMs; }
  double since_start_ms() const;
  void Caller();
  void Control();
  void Decide();
  void StartReply();
  void React(const SessionEvent& event);
  void Check(const SessionEvent& event);
  void TickEngine();
  void PassTime();
  void Account(const SessionSnapshot& before, const SessionSnapshot& after);
  void Line();
  void Hear(std::span<const int16_t> frame);
  void Expect(bool holds, const char* what);

  Random random_;
  SimulatedAgent agent_;
  std::unique_ptr<Session> session_;
  int64_t now_ns_;
  SimulatedOutcome outcome_;

  // The caller and the line from him.
  Pcm words_;
  size_t words_at_ = 0;
  double caller_talks_until_ms_ = 0.0;
  double caller_next_ms_ = 0.0;
  double next_frame_ms_ = 0.0;
  double muted_until_ms_ = 0.0;
  int line_rate_hz_ = 8000;
  std::deque<std::pair<double, Pcm>> on_the_way_;
  // The line to him.
  double line_stalls_until_ms_ = 0.0;
  int16_t last_[2] = {0, 0};
  std::deque<bool> follows_;  // of the frames not heard yet: whether each goes on from the one before
  bool dropped_ = false;
  // The control thread.
  double control_stalls_until_ms_ = 0.0;
  uint32_t turn_ = 0;
  std::deque<SpokenPiece> coming_;  // of the reply, at_ms by the call's clock
  bool replying_ = false;
  bool caller_was_heard_ = false;
  double reply_due_ms_ = 0.0;
  double confirm_at_ms_ = 0.0;
  std::map<uint32_t, double> said_ms_;
  // What events said.
  uint32_t playing_ = 0;
  uint32_t last_turn_ = 0;
  bool speaking_ = false;
  double last_event_ms_ = 0.0;
};

}  // namespace talkpath::test
