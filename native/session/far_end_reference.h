// Pairs every near-end block with the far-end block that was handed to the line at the same time, so that an echo is
// always equally late in blocks, whatever comes in bursts or late.
//
// The far end waits in a queue. What has waited for longer than any near-end block needed for a while was lost on the
// caller's side and is dropped; a near-end block that finds the queue empty is paired with silence, as the line got
// nothing else. Both move the echo in time once, and only when the line itself has moved.
//
// Thread: tick. Nothing but the constructor allocates, locks, logs or throws.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/realtime.h"

namespace talkpath {

class FarEndReference {
 public:
  explicit FarEndReference(size_t block_samples);

  // Takes 10 ms of what the line was handed.
  void Push(std::span<const float> block) noexcept TALKPATH_NONBLOCKING;
  // The far end that belongs to the next near-end block. Valid until the next call.
  std::span<const float> Next() noexcept TALKPATH_NONBLOCKING;
  // A near-end block was dropped: what belongs to it goes with it.
  void Skip() noexcept TALKPATH_NONBLOCKING;

  size_t waiting() const noexcept { return waiting_; }

 private:
  std::span<float> Slot(size_t index) noexcept TALKPATH_NONBLOCKING { return std::span(blocks_).subspan(index * block_samples_, block_samples_); }
  void Drop(size_t count) noexcept TALKPATH_NONBLOCKING;

  const size_t block_samples_;
  std::vector<float> blocks_;  // a ring, and one block of silence behind it
  size_t first_ = 0;
  size_t waiting_ = 0;
  bool near_end_began_ = false;
  size_t least_waiting_;  // of this stretch of near-end blocks
  int stretch_blocks_ = 0;
};

}  // namespace talkpath
