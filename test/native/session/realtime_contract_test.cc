// Whole calls, in which everything happens, keep the real-time contract: no allocation, no lock, no system call.
#include <gtest/gtest.h>

#include <set>

#include "base/realtime.h"
#include "session/session.h"
#include "support/build.h"
#include "support/random.h"
#include "support/realtime_trap.h"
#include "support/signals.h"
#include "support/speech_like.h"
#include "support/syscall_trap.h"

namespace talkpath {
namespace {

using namespace test;

// A call in which caller and agent, the line and the clock do whatever they may.
class EventfulCall {
 public:
  EventfulCall(const SessionConfig& config, uint64_t seed) : session_(std::move(*Session::Create(config))), random_(seed) {
    words_ = ToPcm(MakeSpeechLike({.rate_hz = 8000, .duration_ms = 20'000, .seed = seed}).samples);
    session_->Start(now_ns_);
  }

  void Run(int duration_ms) {
    const bool watch_calls = SyscallTrap::Available();
    for (const int64_t end_ns = now_ns_ + duration_ms * kNsPerMs; now_ns_ < end_ns;) {
      LineEnd();
      AgentEnd();
      const RealtimeSection section;
      if (watch_calls) {
        const SyscallTrap trap;
        session_->Tick(now_ns_);
      } else {
        session_->Tick(now_ns_);
      }
      now_ns_ += (random_.Chance(0.002) ? random_.Between(20, 600) : kBlockMs) * kNsPerMs;
    }
  }

  const std::set<SessionEventType>& seen() const { return seen_; }
  SessionSnapshot Snapshot() const { return session_->Snapshot(); }

 private:
  static constexpr size_t kRatesUpTo48000 = 8;
  static_assert(kStreamRatesHz[kRatesUpTo48000 - 1] == 48000);
  int AnyRateHz(size_t of_the_first) { return kStreamRatesHz[static_cast<size_t>(random_.Between(0, static_cast<int>(of_the_first) - 1))]; }

  void LineEnd() {
    if (random_.Chance(0.002)) line_rate_hz_ = AnyRateHz(kStreamRatesHz.size());
    if (random_.Chance(0.002)) line_stalls_for_ = random_.Between(10, 60);
    owed_samples_ += SamplesPerBlock(line_rate_hz_);
    if (random_.Chance(0.0005)) echo_delay_samples_ = static_cast<size_t>(random_.Between(500, 4000));
    for (size_t count; (count = session_->DrainToLine(buffer_)) > 0;) {
      line_heard_.insert(line_heard_.end(), buffer_.begin(), buffer_.begin() + static_cast<long>(count));
    }
    if (line_stalls_for_ > 0) {
      --line_stalls_for_;
      return;
    }
    while (owed_samples_ > 0) {
      const size_t count = std::min(owed_samples_, static_cast<size_t>(random_.Between(1, 960)));
      (void)session_->PushFromLine(CallersLine(count), line_rate_hz_);
      owed_samples_ -= count;
    }
  }

  // The caller's words, when there are any, on the echo of what the line was given.
  Pcm CallersLine(size_t count) {
    Pcm line(count, 0);
    for (size_t i = 0; i < count; ++i, ++echo_at_) {
      const bool heard = echo_at_ >= echo_delay_samples_ && echo_at_ - echo_delay_samples_ < line_heard_.size();
      if (heard) line[i] = static_cast<int16_t>(0.3 * line_heard_[echo_at_ - echo_delay_samples_]);
      if (caller_talks_) line[i] = static_cast<int16_t>(line[i] / 2 + words_[(words_at_ + i) % words_.size()] / 2);
    }
    words_at_ += count;
    if (random_.Chance(0.002)) caller_talks_ = !caller_talks_;
    return line;
  }

  void AgentEnd() {
    if (random_.Chance(0.001)) session_->AttachAgent(AnyRateHz(kStreamRatesHz.size()), 40);
    if (random_.Chance(0.004)) ++turn_;
    if (random_.Chance(0.004)) agent_rate_hz_ = AnyRateHz(kRatesUpTo48000);
    if (random_.Chance(0.05)) {
      const size_t count = static_cast<size_t>(random_.Between(0, 3 * agent_rate_hz_ / 4));
      (void)session_->PushFromAgent(turn_, std::span(words_).first(std::min(count, words_.size())), agent_rate_hz_, random_.Chance(0.1));
    }
    if (random_.Chance(0.02)) (void)session_->Send({.type = static_cast<SessionCommandType>(random_.Between(0, 4)), .turn = turn_});
    if (random_.Chance(0.01)) (void)session_->Send({.type = SessionCommandType::kResume});
    while (session_->DrainToAgent(buffer_) > 0) {
    }
    while (const auto event = session_->NextEvent()) seen_.insert(event->type);
  }

  std::unique_ptr<Session> session_;
  Random random_;
  Pcm words_;
  Pcm buffer_ = Pcm(4096);
  std::set<SessionEventType> seen_;
  int64_t now_ns_ = 5000 * kNsPerSecond;
  int line_rate_hz_ = 8000;
  int agent_rate_hz_ = 24000;
  int line_stalls_for_ = 0;  // ticks
  size_t owed_samples_ = 0;
  size_t words_at_ = 0;
  bool caller_talks_ = true;
  Pcm line_heard_;
  size_t echo_at_ = 0;  // samples that the line has sent
  size_t echo_delay_samples_ = 1000;
  uint32_t turn_ = 1;
};

struct Profile {
  int line_rate_hz;
  NoiseSuppression noise_suppression;
  EchoCancellation echo_cancellation;
};

class RealtimeContract : public testing::TestWithParam<Profile> {};

std::string NameOf(const testing::TestParamInfo<Profile>& info) {
  const Profile& profile = info.param;
  return "At" + std::to_string(profile.line_rate_hz) + (profile.noise_suppression == NoiseSuppression::kOff ? "" : "WithNoiseSuppression") +
         (profile.echo_cancellation == EchoCancellation::kNever ? "" : profile.echo_cancellation == EchoCancellation::kAuto ? "WithEchoCancellationWhenFound" : "WithEchoCancellation");
}

INSTANTIATE_TEST_SUITE_P(Whole, RealtimeContract,
                         testing::Values(Profile{8000, NoiseSuppression::kOff, EchoCancellation::kNever}, Profile{16000, NoiseSuppression::kOff, EchoCancellation::kNever},
                                         Profile{24000, NoiseSuppression::kOff, EchoCancellation::kNever}, Profile{8000, NoiseSuppression::kHigh, EchoCancellation::kNever},
                                         Profile{8000, NoiseSuppression::kOff, EchoCancellation::kAlways}, Profile{8000, NoiseSuppression::kHigh, EchoCancellation::kAlways},
                                         Profile{16000, NoiseSuppression::kModerate, EchoCancellation::kAlways}, Profile{24000, NoiseSuppression::kLow, EchoCancellation::kAlways},
                                         Profile{8000, NoiseSuppression::kLow, EchoCancellation::kAuto}, Profile{24000, NoiseSuppression::kOff, EchoCancellation::kAuto}),
                         NameOf);

TEST_P(RealtimeContract, IsKeptThroughACallInWhichEverythingHappens) {
  const Profile profile = GetParam();
  EventfulCall call({.line_rate_hz = profile.line_rate_hz,
                     .noise_suppression = profile.noise_suppression,
                     .echo_cancellation = profile.echo_cancellation,
                     .comfort_noise_dbfs = profile.echo_cancellation == EchoCancellation::kNever ? 0.0f : -50.0f},
                    42);
  call.Run(Shortened(120'000, 20'000));
  EXPECT_EQ(RealtimeTrap::violations(), 0u) << RealtimeTrap::Take();
  if (kSanitized) return;
  EXPECT_EQ(call.seen().size(), 7u) << "every kind of event was there";
  EXPECT_GT(call.Snapshot().concealed_ms, 0.0);
  EXPECT_GT(call.Snapshot().line_ms_missing, 0u);
  EXPECT_GT(call.Snapshot().line_ms_surplus, 0u);
}

}  // namespace
}  // namespace talkpath
