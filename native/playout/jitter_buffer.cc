#include "playout/jitter_buffer.h"

#include <algorithm>

#include "base/clock.h"
#include "base/pcm.h"

namespace talkpath {
namespace {

// One segment a push: room for a burst of 80 s in 20 ms pieces while the tick is late.
constexpr size_t kMaxSegments = 4096;
// -50 dBFS: an agent's pause, whatever it breathes.
constexpr int kLoudestSilence = 100;
// Less than half a frame cannot be left out.
constexpr double kLeastSurplusMs = kFrameMs / 2;
// A pause stays a pause: so much of it is heard before any is left out.
constexpr double kKeptPauseMs = 60.0;
// What one frame may leave out, so that its cost is bounded.
constexpr double kMostTrimmedMs = 100.0;

double ToMs(size_t samples, int rate_hz) noexcept TALKPATH_NONBLOCKING { return 1000.0 * static_cast<double>(samples) / rate_hz; }

// A whole frame of it.
bool IsSilence(std::span<const int16_t> samples, size_t count) noexcept TALKPATH_NONBLOCKING {
  return count == samples.size() &&
         std::ranges::all_of(samples, [](int16_t sample) { return sample <= kLoudestSilence && sample >= -kLoudestSilence; });
}

}  // namespace

JitterBuffer::JitterBuffer(size_t sample_capacity) : input_(sample_capacity, kMaxSegments) {}

void JitterBuffer::Collect(int64_t now_ns) noexcept TALKPATH_NONBLOCKING {
  now_ms_ = static_cast<double>(now_ns) / kNsPerMs;
  while (run_count_ < kMaxRuns) {
    const std::optional<AudioSegment> segment = input_.PopSegment();
    if (!segment) break;
    Append(*segment);
  }
  DropDead();
  (void)DropSpent();
}

void JitterBuffer::Append(const AudioSegment& segment) noexcept TALKPATH_NONBLOCKING {
  if (!Dead(segment.turn)) {
    if (segment.turn != arriving_turn_) pace_.StartReply();
    arriving_turn_ = segment.turn;
    if (segment.sample_count > 0) pace_.Arrived(ToMs(segment.sample_count, segment.rate_hz), now_ms_);
  }
  if (run_count_ > 0) {
    Run& last = RunAt(run_count_ - 1);
    if (last.turn == segment.turn && last.rate_hz == segment.rate_hz && !last.ended) {
      last.samples += segment.sample_count;
      last.ended = segment.ends_reply;
      return;
    }
  }
  RunAt(run_count_) = {segment.turn, segment.rate_hz, segment.sample_count, segment.ends_reply};
  ++run_count_;
}

void JitterBuffer::DropHead() noexcept TALKPATH_NONBLOCKING {
  input_.Discard(Head().samples);
  first_run_ = (first_run_ + 1) % kMaxRuns;
  --run_count_;
}

void JitterBuffer::DropDead() noexcept TALKPATH_NONBLOCKING {
  while (run_count_ > 0 && Dead(Head().turn)) DropHead();
}

bool JitterBuffer::DropSpent() noexcept TALKPATH_NONBLOCKING {
  if (run_count_ == 0 || Head().samples > 0 || Head().ended) return false;
  const Run* next = NextLive();
  if (!next || next->turn != Head().turn) return false;
  DropHead();
  DropDead();
  return true;
}

const JitterBuffer::Run* JitterBuffer::NextLive() const noexcept TALKPATH_NONBLOCKING {
  for (size_t i = 1; i < run_count_; ++i) {
    if (!Dead(RunAt(i).turn)) return &RunAt(i);
  }
  return nullptr;
}

// All that is queued of the head's turn counts, at whatever rates.
bool JitterBuffer::ReadyToStart() const noexcept TALKPATH_NONBLOCKING {
  double queued_ms = 0.0;
  for (size_t i = 0; i < run_count_; ++i) {
    const Run& run = RunAt(i);
    if (Dead(run.turn)) continue;
    if (run.turn != Head().turn || run.ended) return true;
    queued_ms += ToMs(run.samples, run.rate_hz);
  }
  return queued_ms >= start_depth_ms();
}

Pulled JitterBuffer::Pull(std::span<int16_t> samples) noexcept TALKPATH_NONBLOCKING {
  if (run_count_ == 0) return {.status = playing_ ? PullStatus::kStarved : PullStatus::kIdle};

  Pulled pulled;
  const bool another_turn = !playing_ || Head().turn != turn_;
  if (another_turn || starved_) {
    if (!ReadyToStart()) {
      // A reply that never ended gives way to the next one silently; a starved one still waits.
      return {.status = another_turn ? PullStatus::kIdle : PullStatus::kStarved};
    }
    if (another_turn) {
      turn_ = Head().turn;
      playing_ = true;
      played_ms_ = 0.0;
    }
    starved_ = false;
  }

  pulled.status = PullStatus::kPlaying;
  if (another_turn) silence_samples_ = 0, silent_ms_ = 0.0;
  if (Stretch(samples)) {
    pulled.sample_count = samples.size();
    pulled.stretched_ms = kFrameMs;
    return pulled;
  }
  const int rate_hz = Head().rate_hz;
  pulled.sample_count = Read(samples);
  pulled.trimmed_ms = Trim(samples, pulled.sample_count, rate_hz);
  silence_samples_ = IsSilence(samples, pulled.sample_count) ? samples.size() : 0;
  silent_ms_ = silence_samples_ > 0 ? silent_ms_ + kFrameMs : 0.0;
  if (silence_samples_ > 0) std::ranges::copy(samples, silence_.begin());
  played_ms_ += ToMs(pulled.sample_count, rate_hz);
  // A reply without a sample ends without having started.
  pulled.reply_started = another_turn && pulled.sample_count > 0;
  if (Head().samples > 0) return pulled;

  if (Head().ended || NextLive()) {  // what follows is another turn
    DropHead();
    pulled.reply_ended = true;
    playing_ = false;
  } else if (pulled.sample_count < samples.size()) {
    starved_ = true;
    pulled.status = PullStatus::kStarved;
  }
  return pulled;
}

size_t JitterBuffer::Read(std::span<int16_t> samples) noexcept TALKPATH_NONBLOCKING {
  const int rate_hz = Head().rate_hz;
  size_t read = 0;
  do {
    const std::span<int16_t> room = samples.subspan(read);
    const size_t count = input_.Read(room.first(std::min(room.size(), Head().samples)));
    Head().samples -= count;
    read += count;
  } while (DropSpent() && Head().rate_hz == rate_hz && read < samples.size());
  return read;
}

// How much longer than its jitter calls for a reply that comes as it is spoken has to wait; negative: less.
double JitterBuffer::SurplusMs() const noexcept TALKPATH_NONBLOCKING {
  if (!pace_.live() || arriving_turn_ != turn_) return 0.0;
  return pace_.DelayMs(played_ms_, now_ms_) - pace_.jitter_ms();
}

// The silence played last once more, turned round in time, so that it goes on from where it was.
bool JitterBuffer::Stretch(std::span<int16_t> samples) noexcept TALKPATH_NONBLOCKING {
  if (silence_samples_ != samples.size() || Head().ended || SurplusMs() >= 0.0) return false;
  std::reverse(silence_.begin(), silence_.begin() + static_cast<long>(silence_samples_));
  std::copy_n(silence_.begin(), silence_samples_, samples.begin());
  return true;
}

// In a pause that has lasted for a while, the two halves of this one become one, and what follows moves up.
double JitterBuffer::Trim(std::span<int16_t> samples, size_t& count, int rate_hz) noexcept TALKPATH_NONBLOCKING {
  const size_t half = samples.size() / 2;
  double trimmed_ms = 0.0;
  while (silent_ms_ >= kKeptPauseMs && trimmed_ms < kMostTrimmedMs && SurplusMs() > kLeastSurplusMs && IsSilence(samples, count) &&
         !Head().ended && Head().samples >= half && Head().rate_hz == rate_hz) {
    for (size_t i = 0; i < half; ++i) {
      const float weight = static_cast<float>(i + 1) / static_cast<float>(half + 1);
      const float from = samples[i];
      samples[i] = ToInt16(from + weight * (static_cast<float>(samples[half + i]) - from));
    }
    const size_t kept = samples.size() - half;  // of an odd number of samples the last stays
    std::copy(samples.begin() + static_cast<long>(2 * half), samples.end(), samples.begin() + static_cast<long>(half));
    count = kept + Read(samples.subspan(kept));
    trimmed_ms += ToMs(half, rate_hz);
    played_ms_ += ToMs(half, rate_hz);
  }
  return trimmed_ms;
}

void JitterBuffer::FlushThrough(uint32_t turn) noexcept TALKPATH_NONBLOCKING {
  flushed_through_ = std::max(flushed_through_, turn);
  if (playing_ && Dead(turn_)) {
    playing_ = false;
    starved_ = false;
  }
  DropDead();
}

double JitterBuffer::depth_ms() const noexcept TALKPATH_NONBLOCKING {
  double depth = 0.0;
  for (size_t i = 0; i < run_count_; ++i) {
    const Run& run = RunAt(i);
    if (!Dead(run.turn)) depth += ToMs(run.samples, run.rate_hz);
  }
  return depth;
}

}  // namespace talkpath
