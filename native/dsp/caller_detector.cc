#include "dsp/caller_detector.h"

#include <algorithm>

#include "dsp/caller_weights.h"

namespace talkpath {

const CallerDetector::Network::Weights& CallerDetector::Weights() {
  static_assert(Network::Fits(caller_weights::kNetwork));
  static const Network::Weights weights(caller_weights::kNetwork);
  return weights;
}

std::array<float, CallerDetector::kBlock> CallerDetector::Stream::Pop() noexcept TALKPATH_NONBLOCKING {
  std::array<float, kBlock> block;
  std::copy_n(waiting.begin(), kBlock, block.begin());
  count -= kBlock;
  std::copy_n(waiting.begin() + kBlock, count, waiting.begin());
  return block;
}

CallerDetector::CallerDetector(int max_delay_ms) : tracker_(max_delay_ms), measure_(max_delay_ms), network_(Weights()) {
  const ResamplerKernel* kernel = *ResamplerKernel::Get(16000, EchoTracker::kRateHz);
  for (Stream* stream : {&far_end_, &near_end_}) stream->down.SetKernel(kernel);
}

EchoPathFinder::Known CallerDetector::known() const noexcept TALKPATH_NONBLOCKING {
  using Known = EchoPathFinder::Known;
  return tracker_.explains() ? Known::kExplained : tracker_.proven() ? Known::kSettled : Known::kNothing;
}

bool CallerDetector::Process(std::span<const float> far_end, std::span<const float> near_end, const EchoPathFinder& path, bool found) noexcept
    TALKPATH_NONBLOCKING {
  far_end_.Push(far_end);
  near_end_.Push(near_end);
  if (found) tracker_.PathFound(path.delay_samples() / 2);
  else if (!path.found()) tracker_.PathLost();
  if (near_end_.count < kBlock) return false;
  const auto far_block = far_end_.Pop();
  const auto near_block = near_end_.Pop();
  const bool forgotten = tracker_.Process(far_block, near_block);
  measure_.Process(far_block, near_block, tracker_, path, features_);
  probability_ = network_.Process(features_);
  ++blocks_;
  known_blocks_ = tracker_.following() ? known_blocks_ + 1 : 0;
  return forgotten;
}

}  // namespace talkpath
