// Holds the agent's audio between its bursts and the line, turn by turn.
//
// A reply starts when enough of it is there (or all of it), starves when the provider is late, and ends
// where the provider said so. A flushed turn is dead: what is queued of it and what still comes is dropped.
// Enough is a frame and the jitter that the provider has shown. Where a reply comes as it is spoken, what it
// waits beyond that is delay: it is trimmed, or made up for, where the agent is silent, and nowhere else.
//
// Thread: input() belongs to the agent end, everything else to the tick, where nothing allocates, locks,
// logs or throws.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/audio_format.h"
#include "base/realtime.h"
#include "playout/provider_pace.h"
#include "queue/audio_queue.h"

namespace talkpath {

enum class PullStatus {
  kIdle,     // no reply is playing
  kPlaying,  // all samples asked for, or the last of the reply
  kStarved,  // the reply goes on, but its audio is not here
};

struct Pulled {
  PullStatus status = PullStatus::kIdle;
  size_t sample_count = 0;
  bool reply_started = false;  // these are the first samples of the turn
  bool reply_ended = false;    // these are the last
  double trimmed_ms = 0.0;     // silence left out
  double stretched_ms = 0.0;   // silence put in: these are no samples of the reply
};

class JitterBuffer {
 public:
  // `sample_capacity` bounds what is queued.
  explicit JitterBuffer(size_t sample_capacity);

  AudioQueue& input() noexcept { return input_; }

  // Before the provider has shown its jitter, this much audio starts a reply: a frame, and what may be late.
  void Expect(int start_depth_ms) noexcept TALKPATH_NONBLOCKING { pace_.Expect(start_depth_ms - kFrameMs); }

  // Takes in what the agent end has written until `now_ns`, and drops what is dead at the head. Call before the others.
  void Collect(int64_t now_ns) noexcept TALKPATH_NONBLOCKING;

  // Rate and turn of the audio that Pull() would give next; 0 when nothing is queued.
  int rate_hz() const noexcept { return run_count_ > 0 ? Head().rate_hz : 0; }
  uint32_t turn() const noexcept { return turn_; }
  bool playing() const noexcept { return playing_; }

  // Copies up to samples.size() samples of the playing reply: a frame, or less of it.
  Pulled Pull(std::span<int16_t> samples) noexcept TALKPATH_NONBLOCKING;

  // Ends every turn up to and including `turn`, for ever.
  void FlushThrough(uint32_t turn) noexcept TALKPATH_NONBLOCKING;

  // How far `turn()` was played, in milliseconds; silence that was trimmed counts.
  double played_ms() const noexcept { return played_ms_; }
  // Queued audio of live turns, in milliseconds.
  double depth_ms() const noexcept TALKPATH_NONBLOCKING;
  // This much audio starts a reply, or one that has starved.
  double start_depth_ms() const noexcept TALKPATH_NONBLOCKING { return kFrameMs + pace_.jitter_ms(); }

 private:
  // Adjacent segments of one turn at one rate.
  struct Run {
    uint32_t turn;
    int rate_hz;
    size_t samples;
    bool ended;
  };
  static constexpr size_t kMaxRuns = 64;

  const Run& Head() const noexcept TALKPATH_NONBLOCKING { return runs_[first_run_]; }
  Run& Head() noexcept TALKPATH_NONBLOCKING { return runs_[first_run_]; }
  Run& RunAt(size_t index) noexcept TALKPATH_NONBLOCKING { return runs_[(first_run_ + index) % kMaxRuns]; }
  const Run& RunAt(size_t index) const noexcept TALKPATH_NONBLOCKING { return runs_[(first_run_ + index) % kMaxRuns]; }
  bool Dead(uint32_t turn) const noexcept TALKPATH_NONBLOCKING { return turn <= flushed_through_; }
  bool ReadyToStart() const noexcept TALKPATH_NONBLOCKING;
  void DropHead() noexcept TALKPATH_NONBLOCKING;
  void DropDead() noexcept TALKPATH_NONBLOCKING;
  // Drops the head if all of it was read and its turn goes on behind it. True if it did.
  bool DropSpent() noexcept TALKPATH_NONBLOCKING;
  const Run* NextLive() const noexcept TALKPATH_NONBLOCKING;  // behind the head; null when there is none
  void Append(const AudioSegment& segment) noexcept TALKPATH_NONBLOCKING;
  // Reads on from the head, over spent segments of its turn and rate.
  size_t Read(std::span<int16_t> samples) noexcept TALKPATH_NONBLOCKING;
  double SurplusMs() const noexcept TALKPATH_NONBLOCKING;
  bool Stretch(std::span<int16_t> samples) noexcept TALKPATH_NONBLOCKING;
  double Trim(std::span<int16_t> samples, size_t& count, int rate_hz) noexcept TALKPATH_NONBLOCKING;

  AudioQueue input_;

  // Owned by the tick thread.
  std::array<Run, kMaxRuns> runs_{};
  size_t first_run_ = 0;
  size_t run_count_ = 0;
  uint32_t flushed_through_ = 0;
  uint32_t turn_ = 0;
  bool playing_ = false;  // turn_ has started and has neither ended nor been flushed
  bool starved_ = false;
  double played_ms_ = 0.0;
  ProviderPace pace_;
  uint32_t arriving_turn_ = 0;
  double now_ms_ = 0.0;
  std::array<int16_t, SamplesPerFrame(kMaxProcessingRateHz)> silence_{};  // the frame played last, if it was silent
  size_t silence_samples_ = 0;
  double silent_ms_ = 0.0;  // in a row
};

}  // namespace talkpath
