#include "session/echo_call.h"

#include <algorithm>
#include <cmath>
#include <deque>

#include "base/audio_format.h"
#include "base/clock.h"
#include "dsp/echo_case.h"
#include "support/recordings.h"

namespace talkpath::test {
namespace {

constexpr int kRateHz = 8000;
constexpr size_t kFrame = SamplesPerFrame(kRateHz);
constexpr int kWordsMs = 1500;
constexpr double kSoundsBelowLoudestDb = 20.0;

// Places in a recording where somebody begins to speak after a pause, and goes on for a while.
std::vector<size_t> Beginnings(std::span<const float> speech) {
  constexpr size_t kQuietBlocks = 12;
  constexpr size_t kWordsBlocks = kWordsMs / kBlockMs;
  const std::vector<double> levels = BlockLevels(speech, kRateHz);
  std::vector<double> sorted = levels;
  std::ranges::sort(sorted);
  const double loud = sorted[sorted.size() * 95 / 100];
  const auto sounds = [&](size_t block) { return levels[block] > loud - kSoundsBelowLoudestDb; };
  std::vector<size_t> beginnings;
  for (size_t block = kQuietBlocks; block + kWordsBlocks < levels.size(); ++block) {
    bool quiet = sounds(block);
    for (size_t i = 1; i <= kQuietBlocks; ++i) quiet = quiet && !sounds(block - i);
    size_t spoken = 0;
    for (size_t i = 0; i < 50; ++i) spoken += sounds(block + i);
    if (quiet && spoken >= 30) beginnings.push_back(block * SamplesPerBlock(kRateHz));
  }
  return beginnings;
}

struct Words {
  Samples samples;  // from their first sound on
};

// One and a half seconds each, of many people.
const std::vector<Words>& AllWords() {
  static const std::vector<Words> all = [] {
    std::vector<Words> words;
    for (size_t caller = 0; caller < Recordings::Callers().size(); ++caller) {
      const Samples speech = CallerSpeech(caller, 30'000, -22.0);
      int taken = 0;
      for (size_t at : Beginnings(speech)) {
        if (at + SamplesIn(kWordsMs, kRateHz) > speech.size() || ++taken > 4) break;
        words.push_back({Samples(speech.begin() + static_cast<long>(at), speech.begin() + static_cast<long>(at + SamplesIn(kWordsMs, kRateHz)))});
      }
    }
    return words;
  }();
  return all;
}

class EchoCall {
 public:
  explicit EchoCall(const EchoCallSpec& spec)
      : spec_(spec), random_(spec.seed), session_(std::move(*Session::Create(spec.config))), line_(spec.line) {
    session_->Start(now_ns_);
    session_->AttachAgent(kRateHz, 40);
  }

  std::vector<EchoTurn> Run() {
    Pass(600);
    std::vector<EchoTurn> turns;
    for (int i = 0; i < spec_.turns; ++i) turns.push_back(Turn());
    return turns;
  }

 private:
  EchoTurn Turn() {
    EchoTurn turn{.caller_spoke = random_.Chance(spec_.barge_in_share)};
    ++turn_;
    const int least_ms = random_.Between(3000, 8000);
    const Samples reply = AgentSpeech(static_cast<size_t>(random_.Between(0, 10'000)), least_ms, -20.0);
    (void)session_->Send({.type = SessionCommandType::kArmBargeIn});
    Pcm pcm = ToPcm(reply);
    size_t pushed = 0;
    while (pushed < pcm.size()) pushed += session_->PushFromAgent(turn_, std::span(pcm).subspan(pushed, std::min<size_t>(4000, pcm.size() - pushed)), kRateHz, pushed + 4000 >= pcm.size());
    const int reply_ms = static_cast<int>(reply.size() / 8);
    const int speaks_after_ms = turn.caller_spoke ? random_.Between(400, reply_ms - 1600) : -1;
    const double began_ms = Now();
    double spoke_ms = -1.0;
    ended_ = false;
    paused_ = false;
    while (!ended_ && Now() - began_ms < reply_ms + 3000) {
      if (turn.caller_spoke && spoke_ms < 0.0 && Now() - began_ms >= speaks_after_ms) {
        Say();
        spoke_ms = Now();
      }
      Tick();
      if (!paused_) continue;
      paused_ = false;
      if (spoke_ms >= 0.0 && Now() - spoke_ms < kWordsMs + 300) {
        turn.stop_ms = Now() - spoke_ms;
        (void)session_->Send({.type = SessionCommandType::kFlush, .turn = turn_});
        break;
      }
      if (turn.self_interruptions++ == 0) turn.at_ms = Now();
      (void)session_->Send({.type = SessionCommandType::kResume});
    }
    (void)session_->Send({.type = SessionCommandType::kDisarmBargeIn});
    Pass(random_.Between(1500, 2500));
    return turn;
  }

  double Now() const { return static_cast<double>(now_ns_ - kEpochNs) / kNsPerMs; }
  void Pass(int ms) {
    for (int i = 0; i < ms / kBlockMs; ++i) Tick();
  }
  void Say() {
    const std::vector<Words>& all = AllWords();
    const Words& words = all[static_cast<size_t>(random_.Between(0, static_cast<int>(all.size()) - 1))];
    const float gain = static_cast<float>(std::pow(10.0, (spec_.caller_dbfs + 22.0) / 20.0));
    for (float sample : words.samples) saying_.push_back(gain * sample);
  }

  void Tick() {
    session_->Tick(now_ns_);
    now_ns_ += kBlockMs * kNsPerMs;
    while (const std::optional<SessionEvent> event = session_->NextEvent()) {
      if (event->type == SessionEventType::kPlayoutPaused) paused_ = true;
      if (event->type == SessionEventType::kPlayoutEnded && event->turn == turn_) ended_ = true;
    }
    Pcm agent(4096);
    while (session_->DrainToAgent(agent) > 0) {
    }
    if (++ticks_ % kBlocksPerFrame == 0) LineFrame();
    while (!arriving_.empty() && arriving_.front().first <= now_ns_) {
      (void)session_->PushFromLine(arriving_.front().second, kRateHz);
      arriving_.pop_front();
    }
  }

  void LineFrame() {
    if (spec_.jitter_ms > 0 && --frames_to_jitter_ <= 0) {
      frames_to_jitter_ = random_.Between(25, 150);
      line_.set_delay_ms(spec_.line.delay_ms + random_.Between(-spec_.jitter_ms, spec_.jitter_ms));
    }
    Pcm taken(kFrame);
    Samples far_end(kFrame, 0.0f);
    if (session_->DrainToLine(taken) == kFrame) far_end = ToSamples(taken);
    Samples caller(kFrame, 0.0f);
    for (float& sample : caller) {
      if (saying_.empty()) break;
      sample = saying_.front();
      saying_.pop_front();
    }
    int64_t at_ns = now_ns_ + (spec_.arrival_jitter_ms > 0 ? random_.Between(0, spec_.arrival_jitter_ms) : 0) * kNsPerMs;
    if (!arriving_.empty()) at_ns = std::max(at_ns, arriving_.back().first);
    arriving_.emplace_back(at_ns, ToPcm(line_.Process(far_end, caller)));
  }

  static constexpr int64_t kEpochNs = 5000 * kNsPerSecond;
  const EchoCallSpec spec_;
  Random random_;
  std::unique_ptr<Session> session_;
  EchoLine line_;
  int64_t now_ns_ = kEpochNs;
  int64_t ticks_ = 0;
  int frames_to_jitter_ = 100;
  uint32_t turn_ = 0;
  bool ended_ = false;
  bool paused_ = false;
  std::deque<float> saying_;
  std::deque<std::pair<int64_t, Pcm>> arriving_;
};

}  // namespace

std::vector<EchoTurn> RunEchoCall(const EchoCallSpec& spec) { return EchoCall(spec).Run(); }

}  // namespace talkpath::test
