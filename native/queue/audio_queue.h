// Audio on its way between two threads: samples in one ring, what they are in a queue beside it.
//
// A segment says the rate and the turn of the samples that follow; the reader therefore never mixes two
// streams, and skips a dead turn without reading it.
#pragma once

#include <cstdint>
#include <span>

#include "queue/spsc_queue.h"

namespace talkpath {

struct AudioSegment {
  int32_t rate_hz = 0;
  uint32_t turn = 0;
  uint32_t sample_count = 0;
  bool ends_reply = false;  // nothing more of this turn follows
};

class AudioQueue {
 public:
  AudioQueue(size_t sample_capacity, size_t segment_capacity)
      : samples_(sample_capacity), segments_(segment_capacity) {}

  // Thread: writer. Takes what fits and returns how many samples that was; an end-of-reply mark is kept
  // only when all samples fitted. Nothing is taken when the segment queue is full.
  [[nodiscard]] size_t Write(AudioSegment segment, std::span<const int16_t> samples) noexcept {
    if (segments_.FreeSpace() == 0) return 0;
    const size_t taken = samples_.Write(samples);
    segment.sample_count = static_cast<uint32_t>(taken);
    segment.ends_reply = segment.ends_reply && taken == samples.size();
    if (taken > 0 || segment.ends_reply) (void)segments_.TryPush(segment);
    return taken;
  }

  // Thread: writer.
  bool HasSegmentSpace() noexcept { return segments_.FreeSpace() > 0; }

  // Thread: reader. The segment's samples can all be read once it was popped.
  [[nodiscard]] std::optional<AudioSegment> PopSegment() noexcept TALKPATH_NONBLOCKING { return segments_.TryPop(); }
  [[nodiscard]] size_t Read(std::span<int16_t> samples) noexcept TALKPATH_NONBLOCKING { return samples_.Read(samples); }
  size_t Discard(size_t count) noexcept TALKPATH_NONBLOCKING { return samples_.Discard(count); }

 private:
  SpscRing<int16_t> samples_;
  SpscQueue<AudioSegment> segments_;
};

}  // namespace talkpath
