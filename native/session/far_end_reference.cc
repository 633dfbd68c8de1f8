#include "session/far_end_reference.h"

#include <algorithm>

#include "base/audio_format.h"

namespace talkpath {
namespace {

constexpr size_t kCapacityBlocks = 128;
// The line's frames come up to 37 ms apart and are made good within a few; what is still too much after this is lost.
constexpr int kStretchBlocks = 400 / kBlockMs;
// Before the caller's first frame the far end of one frame is kept: it cannot echo sooner.
constexpr size_t kBlocksBeforeNearEnd = kBlocksPerFrame;

}  // namespace

FarEndReference::FarEndReference(size_t block_samples)
    : block_samples_(block_samples), blocks_((kCapacityBlocks + 1) * block_samples), least_waiting_(kCapacityBlocks) {}

void FarEndReference::Push(std::span<const float> block) noexcept TALKPATH_NONBLOCKING {
  const size_t most = near_end_began_ ? kCapacityBlocks : kBlocksBeforeNearEnd;
  if (waiting_ == most) Drop(1);
  std::ranges::copy(block, Slot((first_ + waiting_) % kCapacityBlocks).begin());
  ++waiting_;
}

std::span<const float> FarEndReference::Next() noexcept TALKPATH_NONBLOCKING {
  near_end_began_ = true;
  if (waiting_ == 0) {
    least_waiting_ = 0;
    return Slot(kCapacityBlocks);
  }
  const std::span<const float> block = Slot(first_);
  Drop(1);
  least_waiting_ = std::min(least_waiting_, waiting_);
  if (++stretch_blocks_ == kStretchBlocks) {
    Drop(least_waiting_);
    least_waiting_ = kCapacityBlocks;
    stretch_blocks_ = 0;
  }
  return block;
}

void FarEndReference::Skip() noexcept TALKPATH_NONBLOCKING {
  if (waiting_ > 0) Drop(1);
}

void FarEndReference::Drop(size_t count) noexcept TALKPATH_NONBLOCKING {
  first_ = (first_ + count) % kCapacityBlocks;
  waiting_ -= count;
}

}  // namespace talkpath
