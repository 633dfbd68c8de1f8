#include "playout/jitter_buffer.h"

#include <algorithm>

namespace talkpath {
namespace {

// One segment a push: room for a burst of 80 s in 20 ms pieces while the tick is late.
constexpr size_t kMaxSegments = 4096;

double ToMs(size_t samples, int rate_hz) noexcept TALKPATH_NONBLOCKING { return 1000.0 * static_cast<double>(samples) / rate_hz; }

}  // namespace

JitterBuffer::JitterBuffer(size_t sample_capacity) : input_(sample_capacity, kMaxSegments) {}

void JitterBuffer::Collect() noexcept TALKPATH_NONBLOCKING {
  while (run_count_ < kMaxRuns) {
    const std::optional<AudioSegment> segment = input_.PopSegment();
    if (!segment) break;
    Append(*segment);
  }
  DropDead();
  (void)DropSpent();
}

void JitterBuffer::Append(const AudioSegment& segment) noexcept TALKPATH_NONBLOCKING {
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
  return queued_ms >= start_depth_ms_;
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
  const int rate_hz = Head().rate_hz;
  do {
    const std::span<int16_t> room = samples.subspan(pulled.sample_count);
    const size_t count = input_.Read(room.first(std::min(room.size(), Head().samples)));
    Head().samples -= count;
    pulled.sample_count += count;
  } while (DropSpent() && Head().rate_hz == rate_hz && pulled.sample_count < samples.size());
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
