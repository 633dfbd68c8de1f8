#include "session/downlink.h"

#include <algorithm>

#include "base/clock.h"
#include "base/pcm.h"

namespace talkpath {
namespace {

constexpr size_t kAgentQueueSamples = 1 << 19;  // 65 s at 8 kHz, 21 s at 24 kHz
constexpr size_t kLineQueueFrames = 16;         // 320 ms for a media thread that is late
constexpr uint64_t kHandedFrames = 64;
constexpr int kFadeMs = 5;
constexpr double kProgressEveryMs = 100.0;
// A control thread that has not drained for this long is the one to blame for a starved reply.
constexpr int64_t kControlStalledNs = 60 * kNsPerMs;
// It is woken each tick: one that drained so lately has stalled no audio.
constexpr int64_t kControlAwakeNs = (kBlockMs + 5) * kNsPerMs;

}  // namespace

Downlink::Downlink(const SessionConfig& config, EventSink& events)
    : line_rate_hz_(config.line_rate_hz),
      frame_samples_(SamplesPerFrame(config.line_rate_hz)),
      to_line_(kLineQueueFrames * frame_samples_),
      jitter_buffer_(kAgentQueueSamples),
      comfort_noise_(config.comfort_noise_dbfs, config.line_rate_hz),
      events_(events),
      handed_(kHandedFrames * frame_samples_) {}

size_t Downlink::PushFromAgent(uint32_t turn, std::span<const int16_t> samples, int rate_hz, bool ends_reply) noexcept {
  return jitter_buffer_.input().Write({.rate_hz = rate_hz, .turn = turn, .ends_reply = ends_reply}, samples);
}

size_t Downlink::DrainToLine(std::span<int16_t> samples) noexcept {
  const size_t whole = samples.size() / frame_samples_ * frame_samples_;
  return to_line_.Read(samples.first(whole));
}

void Downlink::Tick(int64_t now_ns) noexcept TALKPATH_NONBLOCKING {
  if (const int depth_ms = start_depth_ms_.load(std::memory_order_relaxed); depth_ms != expected_depth_ms_) {
    expected_depth_ms_ = depth_ms;
    jitter_buffer_.Expect(depth_ms);
  }
  jitter_buffer_.Collect(now_ns);
  const Pacer::Verdict verdict = pacer_.Advance(now_ns);
  if (!verdict.due) return;
  if (verdict.given_up > 0) gaps_.Record(GapCause::kEngineLate, static_cast<double>(verdict.given_up * kFrameMs));

  agent_speaks_ = agent_sounds_ = false;
  MakeFrame(now_ns);
  if (agent_speaks_) frames_audible_.Add(1);
  const std::span<float> frame = std::span(frame_).first(frame_samples_);
  comfort_noise_.AddTo(frame, !agent_sounds_);
  ToInt16(frame, frame_out_);
  if (FramesWaiting() >= kLineQueueFrames) {
    gaps_.Record(GapCause::kLineBackPressure, kFrameMs);
  } else {
    HandToLine(std::span(frame_out_).first(frame_samples_));
  }
  BlameForStarvation(now_ns);
  gaps_.EndFrame();
  depth_ms_.Set(jitter_buffer_.depth_ms());
  start_ms_.Set(jitter_buffer_.start_depth_ms());
}

// For the line end. The ring itself has room for more: its size is a power of two.
size_t Downlink::FramesWaiting() noexcept TALKPATH_NONBLOCKING { return (to_line_.capacity() - to_line_.FreeSpace()) / frame_samples_; }

void Downlink::HandToLine(std::span<const int16_t> frame) noexcept TALKPATH_NONBLOCKING {
  (void)to_line_.Write(frame);
  std::ranges::copy(frame, handed_.begin() + static_cast<long>(frames_handed_ % kHandedFrames * frame_samples_));
  ++frames_handed_;
  frames_out_.Add(1);
}

std::span<const int16_t> Downlink::NextTaken() noexcept TALKPATH_NONBLOCKING {
  if (frames_taken_ + FramesWaiting() >= frames_handed_) return {};
  return std::span(handed_).subspan(frames_taken_++ % kHandedFrames * frame_samples_, frame_samples_);
}

void Downlink::MakeFrame(int64_t now_ns) noexcept TALKPATH_NONBLOCKING {
  if (jitter_buffer_.rate_hz() != 0) UseSourceRate(jitter_buffer_.rate_hz());
  const bool nothing = !jitter_buffer_.playing() && jitter_buffer_.rate_hz() == 0;
  if (nothing || gate_ == Gate::kClosed) {
    if (start_depth_ms_.load(std::memory_order_relaxed) == 0) gaps_.Record(GapCause::kSetUp, kFrameMs);
    if (silent_frames_ >= kResamplerTailFrames) {
      std::fill_n(frame_.begin(), frame_samples_, 0.0f);
      return;
    }
  }
  const std::span<float> source = std::span(source_).first(SamplesPerFrame(to_line_rate_.kernel()->input_rate_hz()));
  const size_t filled = FillSource(source, now_ns);
  const size_t made = to_line_rate_.Process(source.first(filled), frame_);
  LayTailOver(std::span(frame_).first(made));
  if (filled < source.size()) GoOnAtNextRate(made, now_ns);
}

// The rest of a frame in which a reply changes its rate.
void Downlink::GoOnAtNextRate(size_t made, int64_t now_ns) noexcept TALKPATH_NONBLOCKING {
  UseSourceRate(jitter_buffer_.rate_hz());
  const size_t from = std::min(made, frame_samples_);
  const size_t whole = SamplesPerFrame(to_line_rate_.kernel()->input_rate_hz());
  const std::span<float> source = std::span(source_).first(((frame_samples_ - from) * whole + frame_samples_ - 1) / frame_samples_);
  const size_t filled = FillSource(source, now_ns);
  std::fill(source.begin() + static_cast<long>(filled), source.end(), 0.0f);  // a third rate within a frame
  const size_t more = to_line_rate_.Process(source, std::span(frame_).subspan(from));
  LayTailOver(std::span(frame_).subspan(from, more));
  for (size_t i = from + more; i < frame_samples_; ++i) frame_[i] = frame_[i - 1];  // rates that share no sample
}

// Where a reply changes its rate, what came before goes on for a moment and fades into what follows.
void Downlink::LayTailOver(std::span<float> samples) noexcept TALKPATH_NONBLOCKING {
  for (float& sample : samples) {
    if (tail_at_ == tail_samples_) return;
    const float weight = static_cast<float>(tail_at_ + 1) / static_cast<float>(tail_samples_ + 1);
    sample = weight * sample + (1.0f - weight) * tail_[tail_at_++];
  }
}

size_t Downlink::FillSource(std::span<float> source, int64_t now_ns) noexcept TALKPATH_NONBLOCKING {
  if (gate_ == Gate::kClosing) {
    FadeOut(source, now_ns);
    return source.size();
  }
  if (gate_ == Gate::kClosed) {
    std::ranges::fill(source, 0.0f);
    ++silent_frames_;
    return source.size();
  }
  const Pulled pulled = PullInto(source, now_ns);
  if (gate_ == Gate::kOpening) {
    Ramp(source.first(SamplesIn(kFadeMs, to_line_rate_.kernel()->input_rate_hz())), 0.0f, 1.0f);
    gate_ = Gate::kOpen;
  }
  if (pulled.status == PullStatus::kIdle) ++silent_frames_;
  else silent_frames_ = 0;
  agent_speaks_ = agent_speaks_ || pulled.sample_count > 0;
  agent_sounds_ = pulled.sample_count == source.size() || (pulled.status == PullStatus::kStarved && concealer_.audible());
  const bool changes_rate = pulled.status == PullStatus::kPlaying && !pulled.reply_ended;
  return changes_rate ? pulled.sample_count : source.size();
}

// Pulls from the jitter buffer; what is missing of a reply that goes on is concealed, after its end silent.
Pulled Downlink::PullInto(std::span<float> source, int64_t now_ns) noexcept TALKPATH_NONBLOCKING {
  const Pulled pulled = jitter_buffer_.Pull(std::span(pulled_).first(source.size()));
  const std::span<float> good = source.first(pulled.sample_count);
  const std::span<float> missing = source.subspan(pulled.sample_count);
  ToFloat(std::span(pulled_).first(pulled.sample_count), good);
  concealer_.Accept(good);
  if (pulled.status == PullStatus::kStarved) {
    concealer_.Conceal(missing);
    const double ms = 1000.0 * static_cast<double>(missing.size()) / to_line_rate_.kernel()->input_rate_hz();
    concealed_ms_.Add(ms);
    if (!concealing_) concealment_events_.Add(1);
    gaps_.Hold(ms);
  } else {
    concealer_.LetGo(missing);
  }
  concealing_ = pulled.status == PullStatus::kStarved;
  trimmed_ms_.Add(pulled.trimmed_ms);
  stretched_ms_.Add(pulled.stretched_ms);

  if (pulled.reply_started) {
    reported_ms_ = 0.0;
    Emit(SessionEventType::kPlayoutStarted, jitter_buffer_.turn(), now_ns);
  } else if (jitter_buffer_.played_ms() - reported_ms_ >= kProgressEveryMs) {
    reported_ms_ = jitter_buffer_.played_ms();
    Emit(SessionEventType::kPlayoutProgressed, jitter_buffer_.turn(), now_ns);
  }
  if (pulled.reply_ended) {
    concealer_.EndOfSpeech();
    Emit(SessionEventType::kPlayoutEnded, jitter_buffer_.turn(), now_ns);
  }
  return pulled;
}

void Downlink::FadeOut(std::span<float> source, int64_t now_ns) noexcept TALKPATH_NONBLOCKING {
  const std::span<float> fade = source.first(SamplesIn(kFadeMs, to_line_rate_.kernel()->input_rate_hz()));
  (void)PullInto(fade, now_ns);
  Ramp(fade, 1.0f, 0.0f);
  std::ranges::fill(source.subspan(fade.size()), 0.0f);
  concealer_.EndOfSpeech();
  silent_frames_ = 0;
  if (flush_after_fade_ > 0) {
    const bool was_playing = jitter_buffer_.playing();
    jitter_buffer_.FlushThrough(flush_after_fade_);
    if (was_playing) Emit(SessionEventType::kPlayoutFlushed, jitter_buffer_.turn(), now_ns);
    flush_after_fade_ = 0;
    gate_ = Gate::kOpen;
  } else {
    gate_ = Gate::kClosed;
    if (jitter_buffer_.playing()) Emit(SessionEventType::kPlayoutPaused, jitter_buffer_.turn(), now_ns);
  }
}

void Downlink::Pause() noexcept TALKPATH_NONBLOCKING {
  if (gate_ == Gate::kOpen || gate_ == Gate::kOpening) gate_ = jitter_buffer_.playing() ? Gate::kClosing : Gate::kClosed;
}

void Downlink::Resume() noexcept TALKPATH_NONBLOCKING {
  if (gate_ == Gate::kClosed) gate_ = Gate::kOpening;
  else if (gate_ == Gate::kClosing && flush_after_fade_ == 0) gate_ = Gate::kOpen;
}

void Downlink::FlushThrough(uint32_t turn, int64_t now_ns) noexcept TALKPATH_NONBLOCKING {
  const bool cuts_playing = jitter_buffer_.playing() && jitter_buffer_.turn() <= turn;
  if (cuts_playing && gate_ != Gate::kClosed) {
    flush_after_fade_ = std::max(flush_after_fade_, turn);
    gate_ = Gate::kClosing;
    return;
  }
  jitter_buffer_.FlushThrough(turn);
  if (cuts_playing) Emit(SessionEventType::kPlayoutFlushed, jitter_buffer_.turn(), now_ns);
  if (!jitter_buffer_.playing()) gate_ = Gate::kOpen;
}

void Downlink::UseSourceRate(int rate_hz) noexcept TALKPATH_NONBLOCKING {
  if (to_line_rate_.kernel() && to_line_rate_.kernel()->input_rate_hz() == rate_hz) return;
  if (const ResamplerKernel* kernel = ResamplerKernel::Find(rate_hz, line_rate_hz_)) {
    if (silent_frames_ == 0 && jitter_buffer_.playing()) {
      const std::span<float> more = std::span(source_).first(SamplesPerBlock(to_line_rate_.kernel()->input_rate_hz()));
      concealer_.Conceal(more);
      tail_samples_ = to_line_rate_.Process(more, tail_);
      tail_at_ = 0;
    }
    to_line_rate_.SetKernel(kernel);
    concealer_.Reset(rate_hz);
  }
}

// Whether the control thread has stalled is not plain while it may just be late; the gap waits until it is.
void Downlink::BlameForStarvation(int64_t now_ns) noexcept TALKPATH_NONBLOCKING {
  const int64_t seen_ns = agent_seen_ns_.load(std::memory_order_relaxed);
  const bool awake = now_ns - seen_ns <= kControlAwakeNs;
  const bool was_away = stall_from_ns_ > 0 && seen_ns - stall_from_ns_ > kControlStalledNs;
  if (now_ns - seen_ns > kControlStalledNs || was_away) gaps_.Settle(GapCause::kControlStalled);
  else if (awake) gaps_.Settle(GapCause::kProviderLate);
  stall_from_ns_ = awake ? 0 : seen_ns;
}

void Downlink::Emit(SessionEventType type, uint32_t turn, int64_t now_ns) noexcept TALKPATH_NONBLOCKING {
  events_.Push({.type = type, .turn = turn, .at_ms = static_cast<double>(now_ns) / kNsPerMs, .played_ms = jitter_buffer_.played_ms()});
}

void Downlink::AddTo(SessionSnapshot& snapshot) const noexcept {
  snapshot.frames_out = frames_out_.Get();
  snapshot.frames_audible = frames_audible_.Get();
  snapshot.concealed_ms = concealed_ms_.Get();
  snapshot.concealment_events = concealment_events_.Get();
  snapshot.trimmed_ms = trimmed_ms_.Get();
  snapshot.stretched_ms = stretched_ms_.Get();
  snapshot.playout_depth_ms = depth_ms_.Get();
  snapshot.playout_start_ms = start_ms_.Get();
  snapshot.gaps = gaps_.Snapshot();
}

}  // namespace talkpath
