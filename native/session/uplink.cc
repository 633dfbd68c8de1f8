#include "session/uplink.h"

#include <algorithm>

#include "base/clock.h"
#include "base/pcm.h"

namespace talkpath {
namespace {

constexpr size_t kLineQueueSamples = 1 << 15;   // 4 s at 8 kHz, 170 ms at 192 kHz
constexpr size_t kLineQueueSegments = 1 << 10;
constexpr size_t kAgentQueueSamples = 1 << 17;  // 2.7 s at 48 kHz: a stalled control thread loses nothing for 2 s
// The line may be this late before its silence is taken for silence: Asterisk's frames come up to 37 ms apart.
constexpr int64_t kPatienceBlocks = 8;
// However loud the line: it may not run further ahead of the clock than this while nobody speaks.
constexpr int64_t kMostBlocksAhead = 100;
// And not further than this whatever is said: no line is that late, this one sends faster than time goes by.
constexpr int64_t kFarthestBlocksAhead = 600;
// A longer silence is not filled in block by block.
constexpr int64_t kMostBlocksBehind = 100;
// What one call may cost in one tick, so that a line that floods or has stalled does not make its neighbours late.
constexpr int kMostBlocksPerTick = 10;
constexpr double kMostMsPerTick = 400.0;  // of the line's audio, trimmed or not

}  // namespace

Result<std::unique_ptr<Uplink>> Uplink::Create(const SessionConfig& config, EventSink& events) {
  std::unique_ptr<Uplink> uplink(new Uplink(config, events));
  const int rate_hz = uplink->processing_rate_hz_;
  auto detector = VoiceDetector::Create(rate_hz, config.voice_mode);
  if (!detector) return std::unexpected(detector.error());
  uplink->voice_detector_ = std::move(*detector);
  if (config.noise_suppression != NoiseSuppression::kOff) {
    auto suppressor = NoiseSuppressor::Create(rate_hz, config.noise_suppression);
    if (!suppressor) return std::unexpected(suppressor.error());
    uplink->noise_suppressor_ = std::move(*suppressor);
  }
  if (config.echo_cancellation != EchoCancellation::kNever) {
    auto canceller = EchoCanceller::Create(rate_hz, config.echo_max_delay_ms, config.echo_cancellation);
    if (!canceller) return std::unexpected(canceller.error());
    uplink->echo_canceller_ = std::move(*canceller);
  }
  return uplink;
}

Uplink::Uplink(const SessionConfig& config, EventSink& events)
    : processing_rate_hz_(ProcessingRateHz(config)),
      block_samples_(SamplesPerBlock(processing_rate_hz_)),
      from_line_(kLineQueueSamples, kLineQueueSegments),
      to_agent_(kAgentQueueSamples),
      high_pass_(processing_rate_hz_, config.high_pass_hz),
      far_end_(block_samples_),
      speech_(config.speech),
      events_(events) {
  to_agent_.Touch();
}

size_t Uplink::PushFromLine(std::span<const int16_t> samples, int rate_hz) noexcept {
  const size_t taken = from_line_.Write({.rate_hz = rate_hz}, samples);
  line_samples_in_.Add(taken);
  line_samples_dropped_.Add(samples.size() - taken);
  return taken;
}

bool Uplink::Tick(int64_t now_ns) noexcept TALKPATH_NONBLOCKING {
  speech_started_ = false;
  blocks_left_ = kMostBlocksPerTick;
  TakeFromLine(now_ns);
  FillByClock(now_ns);
  return speech_started_;
}

void Uplink::TakeFromLine(int64_t now_ns) noexcept TALKPATH_NONBLOCKING {
  for (double taken_ms = 0.0; taken_ms < kMostMsPerTick && blocks_left_ > 0;) {
    if (taking_.sample_count == 0 && !NextSegment(now_ns)) return;
    // At most 10 ms, so that `pending_` always has room for what a piece becomes.
    const size_t piece = std::min<size_t>(taking_.sample_count, std::max<size_t>(SamplesPerBlock(taking_.rate_hz), 1));
    const size_t count = from_line_.Read(std::span(raw_).first(piece));
    taking_.sample_count -= static_cast<uint32_t>(count);
    taken_ms += 1000.0 * static_cast<double>(count) / taking_.rate_hz;
    AppendFromLine(std::span(raw_).first(count));
    while (pending_samples_ >= block_samples_) {
      const std::span<float> block = std::span(pending_).first(block_samples_);
      high_pass_.Process(block);
      if (IsSurplus(block, now_ns)) DropSurplus();
      else ProcessBlock(block, now_ns);
      pending_samples_ -= block_samples_;
      std::copy_n(pending_.begin() + static_cast<long>(block_samples_), pending_samples_, pending_.begin());
    }
  }
}

// Begins the next of what the line end has pushed; false when there is none.
bool Uplink::NextSegment(int64_t now_ns) noexcept TALKPATH_NONBLOCKING {
  while (const std::optional<AudioSegment> segment = from_line_.PopSegment()) {
    if (clock_start_ns_ == 0) clock_start_ns_ = now_ns;
    const ResamplerKernel* kernel = ResamplerKernel::Find(segment->rate_hz, processing_rate_hz_);
    if (!kernel) {  // the line end builds it before the first push: not reached
      from_line_.Discard(segment->sample_count);
      continue;
    }
    if (to_processing_.kernel() != kernel) to_processing_.SetKernel(kernel);
    taking_ = *segment;
    return true;
  }
  return false;
}

void Uplink::AppendFromLine(std::span<const int16_t> samples) noexcept TALKPATH_NONBLOCKING {
  const std::span<float> floats = std::span(raw_float_).first(samples.size());
  ToFloat(samples, floats);
  pending_samples_ += to_processing_.Process(floats, std::span(pending_).subspan(pending_samples_));
}

int64_t Uplink::BlocksAheadOfClock(int64_t now_ns) const noexcept TALKPATH_NONBLOCKING {
  return processed_blocks_ - (now_ns - clock_start_ns_) / (kBlockMs * kNsPerMs);
}

// Late audio that comes on top of silence the clock has filled in: what nobody said is given back.
bool Uplink::IsSurplus(std::span<const float> block, int64_t now_ns) const noexcept TALKPATH_NONBLOCKING {
  const int64_t ahead = BlocksAheadOfClock(now_ns);
  if (ahead > kFarthestBlocksAhead) return true;
  if (ahead <= kPatienceBlocks || speech_.speaking()) return false;
  return ahead > kMostBlocksAhead || noise_floor_.Covers(block);
}

void Uplink::DropSurplus() noexcept TALKPATH_NONBLOCKING {
  far_end_.Skip();
  line_ms_surplus_.Add(kBlockMs);
}

void Uplink::FillByClock(int64_t now_ns) noexcept TALKPATH_NONBLOCKING {
  if (clock_start_ns_ == 0) return;
  // After a long stop nobody needs the silence of all of it.
  const int64_t given_up = -BlocksAheadOfClock(now_ns) - kMostBlocksBehind;
  if (given_up > 0) {
    processed_blocks_ += given_up;
    line_ms_missing_.Add(static_cast<uint64_t>(given_up * kBlockMs));
  }
  while (BlocksAheadOfClock(now_ns) < -kPatienceBlocks && blocks_left_ > 0) {
    std::array<float, kMaxBlockSamples> silence{};
    const std::span<float> block = std::span(silence).first(block_samples_);
    high_pass_.Process(block);
    ProcessBlock(block, now_ns);
    line_ms_missing_.Add(kBlockMs);
  }
}

void Uplink::ProcessBlock(std::span<float> block, int64_t now_ns) noexcept TALKPATH_NONBLOCKING {
  if (echo_canceller_) {
    echo_canceller_->AnalyzeFarEnd(far_end_.Next());
    echo_canceller_->Process(block);
  }
  if (noise_suppressor_) noise_suppressor_->Process(block);
  ++processed_blocks_;
  --blocks_left_;
  Listen(block, now_ns);
  HandToAgent(block);
}

void Uplink::Listen(std::span<const float> block, int64_t now_ns) noexcept TALKPATH_NONBLOCKING {
  noise_floor_.Process(block);
  const VoiceDecision decision = voice_detector_->Process(block);
  const bool echo_possible = echo_canceller_ && echo_canceller_->echo_possible();
  const bool speech = echo_possible ? echo_canceller_->caller_speaks() : decision.speech;
  const SpeechChange change = speech_.Process(speech, echo_possible);
  if (change == SpeechChange::kNone) return;
  const bool started = change == SpeechChange::kStarted;
  const int64_t blocks_back = started ? speech_.blocks_since_onset() : speech_.blocks_since_speech();
  speech_started_ = speech_started_ || started;
  events_.Push({.type = started ? SessionEventType::kSpeechStarted : SessionEventType::kSpeechEnded,
                .at_ms = static_cast<double>(now_ns) / kNsPerMs,
                .ago_ms = static_cast<double>(blocks_back * kBlockMs),
                .stream_ms = static_cast<double>((processed_blocks_ - blocks_back) * kBlockMs)});
}

void Uplink::HandToAgent(std::span<const float> block) noexcept TALKPATH_NONBLOCKING {
  const int rate_hz = agent_rate_hz_.load(std::memory_order_acquire);
  if (rate_hz == 0) return;
  if (!to_agent_rate_.kernel() || to_agent_rate_.kernel()->output_rate_hz() != rate_hz) {
    const ResamplerKernel* kernel = ResamplerKernel::Find(processing_rate_hz_, rate_hz);
    if (!kernel) return;  // the agent end builds it before it sets the rate: not reached
    to_agent_rate_.SetKernel(kernel);
  }
  const size_t count = to_agent_rate_.Process(block, agent_float_);
  const std::span<int16_t> samples = std::span(agent_block_).first(count);
  ToInt16(std::span(agent_float_).first(count), samples);
  agent_samples_dropped_.Add(count - to_agent_.Write(samples));
}

void Uplink::AddTo(SessionSnapshot& snapshot) const noexcept {
  snapshot.line_samples_in = line_samples_in_.Get();
  snapshot.line_samples_dropped = line_samples_dropped_.Get();
  snapshot.line_ms_missing = line_ms_missing_.Get();
  snapshot.line_ms_surplus = line_ms_surplus_.Get();
  snapshot.agent_samples_dropped = agent_samples_dropped_.Get();
}

}  // namespace talkpath
