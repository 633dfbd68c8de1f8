#include "dsp/aligned_echo_remover.h"

#include <algorithm>
#include <cstdlib>

#include "dsp/aec3_config.h"

namespace talkpath {
namespace {

using webrtc::kBlockSize;
constexpr int kHeadroomSamples = kAec3HeadroomBlocks * static_cast<int>(kBlockSize);
constexpr size_t kSamplesPerMs = 16;
// Nearer than this the filter follows by itself.
constexpr int kSameDelaySamples = 2;
// For as long it goes on when the echo is gone, so that whoever listens can fade from one to the other.
constexpr int kBlocksToGoOn = 8;

}  // namespace

AlignedEchoRemover::AlignedEchoRemover(int sample_rate_hz, int max_delay_ms, bool removes_always)
    : finder_(max_delay_ms),
      caller_(max_delay_ms),
      remover_(webrtc::EchoRemover::Create(Aec3Config(), sample_rate_hz, 1, 1)),
      removes_always_(removes_always),
      linear_output_(1, 1),
      delayed_far_end_(sample_rate_hz / 16000, static_cast<size_t>(max_delay_ms + 100) * kSamplesPerMs),
      aligned_far_end_(sample_rate_hz / 16000) {}

bool AlignedEchoRemover::Process(const webrtc::Block& far_end, bool near_end_clips, webrtc::Block& near_end) noexcept TALKPATH_NONBLOCKING {
  const auto far_band = BandOf(far_end, 0);
  const auto near_band = BandOf(near_end, 0);
  const bool found = finder_.Process(far_band, near_band, caller_.known());
  filter_is_stale_ = caller_.Process(far_band, near_band, finder_, found) || filter_is_stale_;
  if (caller_.tracker().following()) Align();

  delayed_far_end_.Push(far_end);
  aligned_far_end_.Push(delayed_far_end_, static_cast<size_t>(std::max(0, aligned_for_samples_ - kHeadroomSamples)));
  const bool removes = removes_always_ || finder_.found();
  blocks_to_go_on_ = removes ? kBlocksToGoOn : std::max(0, blocks_to_go_on_ - 1);
  if (blocks_to_go_on_ == 0) return false;
  using Adjustment = webrtc::EchoPathVariability::DelayAdjustment;
  const Adjustment adjustment = filter_is_stale_ ? Adjustment::kNewDetectedDelay : Adjustment::kNone;
  const webrtc::EchoPathVariability variability = TALKPATH_UNMARKED(webrtc::EchoPathVariability(false, adjustment, false));
  TALKPATH_UNMARKED(remover_->ProcessCapture(variability, near_end_clips, alignment_, &aligned_far_end_.buffer(), &linear_output_, &near_end));
  filter_is_stale_ = false;
  return removes;
}

// The filter goes with the path: it need not be learnt again when only the delay has changed.
void AlignedEchoRemover::Align() noexcept TALKPATH_NONBLOCKING {
  const int delay_samples = 2 * caller_.tracker().delay_samples();
  if (alignment_ && std::abs(delay_samples - aligned_for_samples_) < kSameDelaySamples) return;
  if (!alignment_) filter_is_stale_ = true;
  alignment_ = webrtc::DelayEstimate(webrtc::DelayEstimate::Quality::kRefined, 0);
  aligned_for_samples_ = delay_samples;
}

}  // namespace talkpath
