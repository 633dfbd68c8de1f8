#include "session/simulated_call.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace talkpath::test {
namespace {

constexpr int64_t kStartNs = 5000 * kNsPerSecond;
constexpr int kStartDepthMs = 80;
constexpr int kAgentRateHz = 16000;
constexpr double kNever = 1e18;
constexpr double kUndecidedMs = 80.0;  // a stall of the control thread shows after 60 ms, at the next frame

// FNV-1a.
template <typename T>
void Mix(uint64_t& hash, std::span<const T> values) {
  for (const T value : values) hash = (hash ^ static_cast<uint64_t>(value)) * 0x100000001B3u;
}

}  // namespace

SimulatedCall::SimulatedCall(uint64_t seed)
    : random_(seed), agent_(seed), session_(std::move(*Session::Create({}))), now_ns_(kStartNs) {
  outcome_.line_hash = outcome_.agent_hash = outcome_.event_hash = 0xCBF29CE484222325u;
  words_ = ToPcm(MakeSpeechLike({.rate_hz = 8000, .duration_ms = 20'000, .seed = seed + 1}).samples);
  session_->Start(now_ns_);
  next_frame_ms_ = now_ms();
  caller_next_ms_ = now_ms() + 1000.0;
}

double SimulatedCall::since_start_ms() const { return static_cast<double>(now_ns_ - kStartNs) / kNsPerMs; }

SimulatedOutcome SimulatedCall::Run(int duration_ms) {
  session_->AttachAgent(kAgentRateHz, kStartDepthMs, now_ns_);
  while (since_start_ms() < duration_ms) {
    Caller();
    Control();
    TickEngine();
    PassTime();
    Line();
  }
  control_stalls_until_ms_ = 0.0;
  Control();
  TickEngine();  // what a stall at the very end has cost
  outcome_.snapshot = session_->Snapshot();
  outcome_.elapsed_ms = since_start_ms();
  return outcome_;
}

void SimulatedCall::Expect(bool holds, const char* what) {
  if (!holds && outcome_.broken.size() < 10) outcome_.broken.push_back(std::string(what) + " at " + std::to_string(since_start_ms()) + " ms");
}

// Frames of 20 ms that come up to 40 ms late, or not at all; a phone that is muted sends nothing.
void SimulatedCall::Caller() {
  if (now_ms() >= caller_next_ms_) {
    caller_talks_until_ms_ = now_ms() + random_.Between(300, 3000);
    caller_next_ms_ = caller_talks_until_ms_ + random_.Between(500, 9000);
  }
  if (random_.Chance(0.0001)) muted_until_ms_ = now_ms() + random_.Between(100, 5000);
  for (; next_frame_ms_ <= now_ms(); next_frame_ms_ += kFrameMs) {
    if (random_.Chance(0.01) || now_ms() < muted_until_ms_) continue;
    Pcm frame(SamplesPerFrame(8000), 0);
    const bool talks = now_ms() < caller_talks_until_ms_;
    for (size_t i = 0; talks && i < frame.size(); ++i) frame[i] = words_[words_at_++ % words_.size()];
    const double last_ms = on_the_way_.empty() ? 0.0 : on_the_way_.back().first;
    on_the_way_.push_back({std::max(last_ms, next_frame_ms_ + 40.0 * random_.Uniform()), std::move(frame)});
  }
  for (; !on_the_way_.empty() && on_the_way_.front().first <= now_ms(); on_the_way_.pop_front()) {
    (void)session_->PushFromLine(on_the_way_.front().second, line_rate_hz_);
  }
}

void SimulatedCall::Control() {
  if (random_.Chance(0.0003)) control_stalls_until_ms_ = now_ms() + random_.Between(30, 2000);
  if (now_ms() < control_stalls_until_ms_) return;
  Pcm samples(4096);
  for (size_t count; (count = session_->DrainToAgent(samples, now_ns_)) > 0;) {
    Mix(outcome_.agent_hash, std::span<const int16_t>(samples).first(count));
    outcome_.agent_ms += 1000.0 * static_cast<double>(count) / kAgentRateHz;
  }
  while (const std::optional<SessionEvent> event = session_->NextEvent()) {
    Check(*event);
    React(*event);
  }
  Decide();
  for (; !coming_.empty() && coming_.front().at_ms <= now_ms(); coming_.pop_front()) {
    const SpokenPiece& piece = coming_.front();
    const size_t taken = session_->PushFromAgent(turn_, piece.samples, piece.rate_hz, piece.ends_reply);
    Expect(taken == piece.samples.size(), "a reply of eight seconds does not fit");
    said_ms_[turn_] += 1000.0 * static_cast<double>(taken) / piece.rate_hz;
  }
}

// What a conversation does: a reply to what was said, a flush or a resume to who speaks over it.
void SimulatedCall::React(const SessionEvent& event) {
  switch (event.type) {
    case SessionEventType::kSpeechStarted:
      ++outcome_.speech_starts;
      caller_was_heard_ = true;
      if (replying_) confirm_at_ms_ = now_ms() + 200.0;
      break;
    case SessionEventType::kSpeechEnded:
      if (!replying_ && caller_was_heard_) reply_due_ms_ = now_ms() + random_.Between(300, 1500);
      break;
    case SessionEventType::kPlayoutEnded:
      ++outcome_.replies_ended;
      if (event.turn == turn_) replying_ = false;
      break;
    case SessionEventType::kPlayoutFlushed: ++outcome_.replies_flushed; break;
    default: break;
  }
}

void SimulatedCall::Decide() {
  if (confirm_at_ms_ > 0.0 && now_ms() >= confirm_at_ms_) {
    confirm_at_ms_ = 0.0;
    if (replying_ && random_.Chance(0.6)) {
      (void)session_->Send({.type = SessionCommandType::kFlush, .turn = turn_});
      if (random_.Chance(0.5)) coming_.clear();  // else the rest of the dead reply still comes
      replying_ = false;
    } else {
      (void)session_->Send({.type = SessionCommandType::kResume});
    }
  }
  const bool nothing_comes = !replying_ && now_ms() >= reply_due_ms_;
  const bool never_ended = replying_ && coming_.empty() && now_ms() >= reply_due_ms_;
  if (nothing_comes || never_ended) StartReply();
}

void SimulatedCall::StartReply() {
  ++turn_;
  replying_ = true;
  caller_was_heard_ = false;
  coming_.clear();
  for (SpokenPiece& piece : agent_.Reply()) {
    piece.at_ms += now_ms();
    coming_.push_back(std::move(piece));
  }
  said_ms_[turn_] = 0.0;
  reply_due_ms_ = (coming_.empty() ? now_ms() : coming_.back().at_ms) + 12'000.0;
  (void)session_->Send({.type = SessionCommandType::kArmBargeIn});
}

void SimulatedCall::Check(const SessionEvent& event) {
  const uint64_t told[] = {static_cast<uint64_t>(event.type), event.turn, std::bit_cast<uint64_t>(event.at_ms),
                           std::bit_cast<uint64_t>(event.played_ms)};
  Mix(outcome_.event_hash, std::span<const uint64_t>(told));
  Expect(event.at_ms >= last_event_ms_, "an event is older than the one before");
  last_event_ms_ = event.at_ms;
  switch (event.type) {
    case SessionEventType::kSpeechStarted:
    case SessionEventType::kSpeechEnded:
      Expect(speaking_ != (event.type == SessionEventType::kSpeechStarted), "speech starts or ends twice");
      speaking_ = event.type == SessionEventType::kSpeechStarted;
      return;
    case SessionEventType::kPlayoutStarted:
      Expect(playing_ == 0 && event.turn > last_turn_, "a turn starts within another, or goes back");
      playing_ = last_turn_ = event.turn;
      return;
    case SessionEventType::kPlayoutEnded:
    case SessionEventType::kPlayoutFlushed:
      Expect(event.turn == playing_ || (playing_ == 0 && event.played_ms == 0.0), "a turn ends that does not play");
      if (event.type == SessionEventType::kPlayoutEnded) {
        Expect(std::abs(event.played_ms - said_ms_[event.turn]) < 1e-6, "a reply is not played to its last sample");
      }
      playing_ = 0;
      last_turn_ = std::max(last_turn_, event.turn);
      return;
    default: Expect(event.turn == playing_, "news of a turn that does not play");
  }
  Expect(event.played_ms <= said_ms_[event.turn] + 1e-6, "more is played than was said");
}

void SimulatedCall::TickEngine() {
  const SessionSnapshot before = session_->Snapshot();
  session_->Tick(now_ns_);
  Account(before, session_->Snapshot());
}

void SimulatedCall::PassTime() {
  now_ns_ += kBlockMs * kNsPerMs;
  if (random_.Chance(0.0001)) now_ns_ += random_.Between(1, 2000) * kNsPerMs;
}

// Each frame that was made holds the agent's audio, or stands in for it, or is silent; one that finds no room is a gap.
void SimulatedCall::Account(const SessionSnapshot& before, const SessionSnapshot& after) {
  const auto gap_ms = [](const SessionSnapshot& snapshot, GapCause cause) { return snapshot.gaps[static_cast<size_t>(cause)].ms; };
  const bool made = after.frames_out > before.frames_out ||
                    gap_ms(after, GapCause::kLineBackPressure) > gap_ms(before, GapCause::kLineBackPressure);
  if (!made) return;
  const bool handed_on = after.frames_out > before.frames_out;
  if (handed_on) follows_.push_back(!dropped_);
  dropped_ = !handed_on;
  const double concealed_ms = after.concealed_ms - before.concealed_ms;
  const double unblamed_ms = after.concealed_ms - gap_ms(after, GapCause::kProviderLate) - gap_ms(after, GapCause::kControlStalled);
  Expect(unblamed_ms > -1e-6, "more is blamed than was concealed");
  Expect(unblamed_ms < kUndecidedMs + 1e-6, "a gap that nobody is blamed for");
  Expect(concealed_ms <= kFrameMs + 1e-6, "more was concealed than a frame holds");
  const bool speech = after.frames_audible > before.frames_audible;
  if (speech) ++outcome_.frames_of_speech;
  else if (concealed_ms > 0.0) ++outcome_.frames_concealed;
  else ++outcome_.frames_of_silence;
}

void SimulatedCall::Line() {
  if (random_.Chance(0.0002)) line_stalls_until_ms_ = now_ms() + random_.Between(20, 600);
  if (now_ms() < line_stalls_until_ms_) return;
  Pcm frame(SamplesPerFrame(8000));
  while (session_->DrainToLine(frame) > 0) Hear(frame);
}

// A frame that comes after one that found no room does not go on where the line is.
void SimulatedCall::Hear(std::span<const int16_t> frame) {
  Mix(outcome_.line_hash, frame);
  const bool follows = follows_.front();
  follows_.pop_front();
  for (size_t i = 0; i < frame.size(); ++i) {
    const double bend = std::abs(last_[0] - 2.0 * last_[1] + frame[i]);
    if (follows || i >= 2) outcome_.sharpest_bend = std::max(outcome_.sharpest_bend, bend);
    last_[0] = last_[1];
    last_[1] = frame[i];
  }
}

}  // namespace talkpath::test
