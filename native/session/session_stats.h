// Counters of one session: written by the thread that knows, read by anyone as one snapshot.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "base/realtime.h"

namespace talkpath {

// Why the line heard nothing although it should have. Counted as episodes and milliseconds.
enum class GapCause : size_t { kProviderLate, kControlStalled, kEngineLate, kLineBackPressure, kSetUp };
inline constexpr size_t kGapCauses = 5;

struct GapCount {
  uint64_t episodes = 0;
  double ms = 0.0;
};

struct SessionSnapshot {
  uint64_t line_samples_in = 0;        // as received, before resampling
  uint64_t line_samples_dropped = 0;   // did not fit: the tick was late
  uint64_t line_ms_missing = 0;        // filled by the clock because the line sent nothing
  uint64_t line_ms_surplus = 0;        // silence dropped to come back to the clock
  uint64_t frames_out = 0;             // handed to the line
  uint64_t frames_audible = 0;         // of these, with the agent's audio
  uint64_t agent_samples_dropped = 0;  // the agent end did not drain
  uint64_t events_lost = 0;            // the same
  double playout_depth_ms = 0.0;       // queued of the agent's audio
  double playout_start_ms = 0.0;       // queued before a reply starts, as its jitter calls for
  double concealed_ms = 0.0;           // made up for audio that was late
  uint64_t concealment_events = 0;
  double trimmed_ms = 0.0;             // of the agent's silence, to be less late
  double stretched_ms = 0.0;           // of the agent's silence, to be less early than its jitter allows
  std::array<GapCount, kGapCauses> gaps{};
};

// A counter with one writing thread: a plain store, no read-modify-write.
template <typename T>
class Counter {
 public:
  void Add(T amount) noexcept TALKPATH_NONBLOCKING {
    value_.store(value_.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
  }
  void Set(T value) noexcept TALKPATH_NONBLOCKING { value_.store(value, std::memory_order_relaxed); }
  T Get() const noexcept TALKPATH_NONBLOCKING { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<T> value_{};
};

// The ledger of gaps. Thread: tick writes, any reads.
class GapLedger {
 public:
  // Adds a gap to the frame at hand; frames in a row with one cause are one episode of it.
  void Record(GapCause cause, double ms) noexcept TALKPATH_NONBLOCKING {
    const size_t i = static_cast<size_t>(cause);
    if (!open_[i]) episodes_[i].Add(1);
    ms_[i].Add(ms);
    open_[i] = true;
    recorded_[i] = true;
  }
  // Adds a gap whose cause is not plain yet; until Settle() names it no episode ends.
  void Hold(double ms) noexcept TALKPATH_NONBLOCKING { held_ms_ += ms; }
  void Settle(GapCause cause) noexcept TALKPATH_NONBLOCKING {
    if (held_ms_ > 0.0) Record(cause, held_ms_);
    held_ms_ = 0.0;
  }
  // The frame was made: what it did not record has come to its end.
  void EndFrame() noexcept TALKPATH_NONBLOCKING {
    if (held_ms_ > 0.0) return;
    open_ = recorded_;
    recorded_.fill(false);
  }

  std::array<GapCount, kGapCauses> Snapshot() const noexcept {
    std::array<GapCount, kGapCauses> counts;
    for (size_t i = 0; i < kGapCauses; ++i) counts[i] = {episodes_[i].Get(), ms_[i].Get()};
    return counts;
  }

 private:
  std::array<Counter<uint64_t>, kGapCauses> episodes_;
  std::array<Counter<double>, kGapCauses> ms_;
  std::array<bool, kGapCauses> open_{};      // the episode goes on
  std::array<bool, kGapCauses> recorded_{};  // in the frame at hand, and those before it that hold a gap
  double held_ms_ = 0.0;
};

}  // namespace talkpath
