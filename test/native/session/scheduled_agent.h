// An agent whose replies arrive by a schedule, on a downlink's simulated clock.
#pragma once

#include "session/agent_schedule.h"
#include "session/downlink_driver.h"

namespace talkpath::test {

struct Heard {
  Pcm line;
  double concealed_ms = 0.0;
  double trimmed_ms = 0.0;
  double stretched_ms = 0.0;
  double mean_depth_ms = 0.0;  // what was queued when a frame had been taken
  double first_sound_ms = -1.0;  // since the reply was begun, when it started
};

class ScheduledAgent {
 public:
  explicit ScheduledAgent(int start_depth_ms, int rate_hz = 8000) : driver_(8000, start_depth_ms), rate_hz_(rate_hz) {}

  DownlinkDriver& driver() { return driver_; }

  // In the next reply the control thread is away for `ms` from `at_ms` on; its schedule has to say what that holds up.
  void StallControl(int at_ms, int ms) {
    stall_at_ms_ = at_ms;
    stall_ms_ = ms;
  }

  // Says `reply` by the schedule, from `phase_ms` after a tick on, and listens until it was played.
  // `depths` gets what was queued after each frame.
  Heard Say(const Pcm& reply, const Schedule& schedule, double phase_ms = 0.0, std::vector<double>* depths = nullptr) {
    Heard heard;
    const SessionSnapshot before = driver_.Snapshot();
    const double from_ms = now_ms() + phase_ms;
    ++turn_;
    double sum_ms = 0.0;
    int frames = 0;
    size_t said = 0;
    bool over = false;
    for (size_t next = 0; !over;) {
      for (; next < schedule.size() && from_ms + schedule[next].at_ms <= now_ms(); ++next) {
        const size_t count = std::min(schedule[next].samples, reply.size() - said);
        driver_.Say(turn_, Pcm(reply.begin() + static_cast<long>(said), reply.begin() + static_cast<long>(said + count)), rate_hz_,
                    next + 1 == schedule.size());
        said += count;
      }
      driver_.set_agent_stalls(now_ms() >= from_ms + stall_at_ms_ && now_ms() < from_ms + stall_at_ms_ + stall_ms_);
      const Pcm frame = driver_.Tick();
      heard.line.insert(heard.line.end(), frame.begin(), frame.end());
      if (!frame.empty() && next < schedule.size()) {
        sum_ms += driver_.Snapshot().playout_depth_ms;
        ++frames;
      }
      if (!frame.empty() && depths) depths->push_back(driver_.Snapshot().playout_depth_ms);
      for (const SessionEvent& event : driver_.Events()) {
        if (event.type == SessionEventType::kPlayoutStarted) heard.first_sound_ms = event.at_ms - from_ms;
        over = over || event.type == SessionEventType::kPlayoutEnded;
      }
    }
    stall_ms_ = 0;
    const SessionSnapshot after = driver_.Snapshot();
    heard.concealed_ms = after.concealed_ms - before.concealed_ms;
    heard.trimmed_ms = after.trimmed_ms - before.trimmed_ms;
    heard.stretched_ms = after.stretched_ms - before.stretched_ms;
    heard.mean_depth_ms = frames > 0 ? sum_ms / frames : 0.0;
    return heard;
  }

  // The deepest that the queue was between two times of the reply.
  static double Deepest(const std::vector<double>& depths, int from_ms, int to_ms) {
    return *std::max_element(depths.begin() + from_ms / kFrameMs, depths.begin() + to_ms / kFrameMs);
  }

 private:
  double now_ms() const { return static_cast<double>(driver_.now_ns()) / kNsPerMs; }

  DownlinkDriver driver_;
  const int rate_hz_;
  uint32_t turn_ = 0;
  int stall_at_ms_ = 0;
  int stall_ms_ = 0;
};

}  // namespace talkpath::test
