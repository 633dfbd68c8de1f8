// An hour of a call in a second: what must hold whatever the agent, the line and the engine do.
#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <memory>

#include "session/downlink_driver.h"
#include "support/build.h"
#include "support/test_names.h"

namespace talkpath {
namespace {

using namespace test;

// A sample that says its turn and its place in the reply. Never 0: that is silence.
constexpr int kPlaces = 1024;
constexpr int kTurnsTold = 31;
int16_t Told(uint32_t turn, size_t place) { return static_cast<int16_t>(1 + turn % kTurnsTold * kPlaces + place % kPlaces); }
uint32_t TurnOf(int16_t sample) { return static_cast<uint32_t>((sample - 1) / kPlaces); }
int PlaceOf(int16_t sample) { return (sample - 1) % kPlaces; }

// What is known of a frame when it is made, for when it is heard.
struct FrameFacts {
  int64_t number = 0;
  bool altered = false;  // by a fade or by concealment
  uint32_t turn = 0;     // that played last
  uint32_t flushed_through = 0;
};

class SimulatedHour {
 public:
  explicit SimulatedHour(uint64_t seed) : random_(seed) {}

  void Run(int duration_ms) {
    for (int64_t end_ns = driver_.now_ns() + duration_ms * kNsPerMs; driver_.now_ns() < end_ns;) {
      Speak();
      Command();
      Disturb();
      Tick();
    }
    elapsed_ms_ = static_cast<double>(driver_.now_ns() - kEpochNs) / kNsPerMs;
  }

  DownlinkDriver& driver() { return driver_; }
  double elapsed_ms() const { return elapsed_ms_; }
  int clean_frames() const { return clean_frames_; }
  const std::map<uint32_t, size_t>& accepted() const { return accepted_; }
  const std::vector<SessionEvent>& events() const { return events_; }

 private:
  // The agent: replies of up to ten seconds, in bursts, with stalls; after a flush some of it still comes.
  void Speak() {
    if (silent_for_ > 0) {
      --silent_for_;
      return;
    }
    if (reply_done_) {
      ++turn_;
      length_ = random_.Chance(0.05) ? 0 : static_cast<size_t>(random_.Between(1, 80'000));
      reply_done_ = false;
    }
    if (!random_.Chance(0.2)) return;
    if (flushed_through_ > 0 && random_.Chance(0.05)) (void)driver_.Say(flushed_through_, Pcm(100, Told(flushed_through_, 0)));
    const size_t count = std::min(static_cast<size_t>(random_.Between(1, 4000)), length_ - accepted_[turn_]);
    Pcm samples(count);
    for (size_t i = 0; i < count; ++i) samples[i] = Told(turn_, accepted_[turn_] + i);
    const size_t taken = driver_.Say(turn_, samples, 8000, accepted_[turn_] + count == length_);
    accepted_[turn_] += taken;
    reply_done_ = taken == count && accepted_[turn_] == length_;
    if (reply_done_ || random_.Chance(0.05)) silent_for_ = random_.Between(0, 200);
  }

  void Command() {
    if (random_.Chance(0.001)) {
      driver_.Flush(turn_);
      flushed_through_ = turn_;
      paused_for_ = 0;
      fade_due_ = true;
      if (random_.Chance(0.5)) reply_done_ = true;  // else the rest of it still comes
      if (!reply_done_ && random_.Chance(0.5)) length_ = accepted_[turn_];
    }
    if (paused_for_ == 0 && random_.Chance(0.002)) {
      driver_.downlink().Pause();
      paused_for_ = random_.Between(1, 100);
      fade_due_ = true;
    } else if (paused_for_ > 0 && --paused_for_ == 0) {
      driver_.downlink().Resume();
      fade_due_ = true;
    }
  }

  void Disturb() {
    if (random_.Chance(0.0002)) driver_.Pass(random_.Between(5, 3000));
    if (line_stalls_for_ == 0 && random_.Chance(0.0005)) line_stalls_for_ = random_.Between(1, 120);
    if (line_stalls_for_ > 0) --line_stalls_for_;
    driver_.set_line_stalls(line_stalls_for_ > 0);
  }

  void Tick() {
    const SessionSnapshot before = driver_.Snapshot();
    const Pcm heard = driver_.Tick();
    const SessionSnapshot after = driver_.Snapshot();
    for (const SessionEvent& event : driver_.Events()) {
      events_.push_back(event);
      if (event.type == SessionEventType::kPlayoutStarted) playing_ = event.turn;
    }
    const bool concealed = after.concealed_ms > before.concealed_ms;
    const bool audible = after.frames_audible > before.frames_audible;
    const bool dropped = BackPressureMs(after) > BackPressureMs(before);
    const bool handed_on = after.frames_out > before.frames_out;
    frame_number_ += dropped || handed_on;
    if (handed_on) made_.push_back({frame_number_, fade_due_ || concealed || gap_open_, playing_, flushed_through_});
    gap_open_ = concealed || (gap_open_ && !audible);
    if (audible) fade_due_ = false;
    for (size_t at = 0; at < heard.size(); at += 160) Hear(std::span(heard).subspan(at, 160));
  }

  static double BackPressureMs(const SessionSnapshot& snapshot) {
    return snapshot.gaps[static_cast<size_t>(GapCause::kLineBackPressure)].ms;
  }

  void Hear(std::span<const int16_t> frame) {
    ASSERT_FALSE(made_.empty());
    const FrameFacts facts = made_.front();
    made_.pop_front();
    const int16_t expected = expected_next_;
    const bool follows = facts.number == heard_number_ + 1;
    expected_next_ = 0;
    heard_number_ = facts.number;
    if (facts.altered) return;
    ++clean_frames_;
    const auto sounds = [](int16_t sample) { return sample != 0; };
    const auto first = std::ranges::find_if(frame, sounds);
    const auto last = std::find_if(frame.rbegin(), frame.rend(), sounds).base();
    if (first == frame.end()) return;
    ASSERT_GT(facts.turn, facts.flushed_through) << "a flushed turn is heard";
    for (auto sample = first; sample != last; ++sample) {
      ASSERT_EQ(TurnOf(*sample), facts.turn % kTurnsTold);
      const bool in_order = sample == first || PlaceOf(*sample) == (PlaceOf(sample[-1]) + 1) % kPlaces;
      ASSERT_TRUE(in_order) << "sample lost, doubled or moved";
    }
    const bool same_reply = follows && expected != 0 && TurnOf(expected) == facts.turn % kTurnsTold;
    ASSERT_EQ(*first, same_reply ? expected : *first) << "between two frames";
    expected_next_ = last == frame.end() ? Told(facts.turn, static_cast<size_t>(PlaceOf(frame.back()) + 1)) : int16_t{0};
  }

  DownlinkDriver driver_;
  Random random_;
  double elapsed_ms_ = 0.0;

  // The agent.
  uint32_t turn_ = 0;
  size_t length_ = 0;
  bool reply_done_ = true;
  int silent_for_ = 0;  // ticks
  std::map<uint32_t, size_t> accepted_;  // samples a turn
  // The orders.
  uint32_t flushed_through_ = 0;
  int paused_for_ = 0;
  bool fade_due_ = false;
  // The line.
  int line_stalls_for_ = 0;
  bool gap_open_ = false;
  uint32_t playing_ = 0;
  int clean_frames_ = 0;
  int64_t frame_number_ = 0;  // of the frame made last
  int64_t heard_number_ = 0;  // of the frame heard last
  int16_t expected_next_ = 0; // sample, if that frame was clean and its reply went on
  std::deque<FrameFacts> made_;  // not heard yet
  std::vector<SessionEvent> events_;
};

class SimulatedHourOfSpeech : public testing::TestWithParam<uint64_t> {
 protected:
  // One hour a seed, looked at by all tests.
  static SimulatedHour& Hour(uint64_t seed) {
    static std::map<uint64_t, std::unique_ptr<SimulatedHour>> hours;
    std::unique_ptr<SimulatedHour>& hour = hours[seed];
    if (!hour) {
      constexpr int kHourMs = 3'600'000;
      hour = std::make_unique<SimulatedHour>(seed);
      hour->Run(Shortened(kHourMs, kHourMs / 20));
    }
    return *hour;
  }
  double GapMs(GapCause cause) { return hour_.driver().Gap(cause).ms; }

  SimulatedHour& hour_ = Hour(GetParam());
};

INSTANTIATE_TEST_SUITE_P(Seeds, SimulatedHourOfSpeech, testing::Values(1, 2, 3), kByNumber);

TEST_P(SimulatedHourOfSpeech, GivesTheLineOneFrameForEvery20MillisecondsOrSaysWhyNot) {
  const double frames_ms = static_cast<double>(hour_.driver().Snapshot().frames_out * kFrameMs);
  const double explained_ms = frames_ms + GapMs(GapCause::kEngineLate) + GapMs(GapCause::kLineBackPressure);
  EXPECT_NEAR(explained_ms, hour_.elapsed_ms(), 120.0) << "five frames may still be caught up with";
}

TEST_P(SimulatedHourOfSpeech, WasHeardMostlyUndisturbed) {
  EXPECT_GT(hour_.clean_frames(), static_cast<int>(0.5 * hour_.driver().Snapshot().frames_out));
  EXPECT_GT(hour_.driver().Snapshot().frames_audible, hour_.driver().Snapshot().frames_out / 4);
}

TEST_P(SimulatedHourOfSpeech, StartsEveryReplyOnceAndEndsItOnce) {
  uint32_t playing = 0;
  uint32_t last = 0;
  for (const SessionEvent& event : hour_.events()) {
    switch (event.type) {
      case SessionEventType::kPlayoutStarted:
        ASSERT_EQ(playing, 0u);
        ASSERT_GT(event.turn, last) << "turns never go back";
        playing = last = event.turn;
        break;
      case SessionEventType::kPlayoutEnded:
      case SessionEventType::kPlayoutFlushed:
        if (hour_.accepted().at(event.turn) == 0) {
          ASSERT_EQ(playing, 0u) << "a reply without a sample never started";
          last = event.turn;
          break;
        }
        ASSERT_EQ(event.turn, playing);
        playing = 0;
        break;
      default:
        ASSERT_EQ(event.turn, last) << "news of another turn";
    }
  }
  EXPECT_GT(last, hour_.elapsed_ms() / 60'000.0) << "more than one reply a minute";
}

TEST_P(SimulatedHourOfSpeech, PlaysEveryReplyThatEndsToItsLastSample) {
  int ended = 0;
  for (const SessionEvent& event : hour_.events()) {
    const double said_ms = static_cast<double>(hour_.accepted().at(event.turn)) / 8.0;
    if (event.type == SessionEventType::kPlayoutEnded) {
      EXPECT_NEAR(event.played_ms, said_ms, 1e-6) << event.turn;
      ++ended;
    } else {
      EXPECT_LE(event.played_ms, said_ms + 1e-6) << event.turn;
    }
  }
  EXPECT_GT(ended, 0);
}

TEST_P(SimulatedHourOfSpeech, BlamesSomebodyForEveryMillisecondThatWasConcealed) {
  const double concealed_ms = hour_.driver().Snapshot().concealed_ms;
  EXPECT_GT(concealed_ms, 0.0);
  EXPECT_NEAR(GapMs(GapCause::kProviderLate) + GapMs(GapCause::kControlStalled), concealed_ms, 1e-3);
}

}  // namespace
}  // namespace talkpath
