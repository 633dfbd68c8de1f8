#include "dsp/aligned_echo_remover.h"

#include <algorithm>
#include <cmath>

#include "base/pcm.h"
#include "dsp/aec3_config.h"

namespace talkpath {
namespace {

using webrtc::kBlockSize;
constexpr int kHeadroomSamples = kAec3HeadroomBlocks * static_cast<int>(kBlockSize);
constexpr size_t kSamplesPerMs = 16;
// A filter that has not fitted for so long (0.25 s of speech) was learnt of another path: a new one learns sooner.
constexpr int kLongestMisfitBlocks = 64;
// For as long it goes on when the echo is gone, so that whoever listens can fade from one to the other.
constexpr int kBlocksToGoOn = 8;
constexpr float kAudiblePower = 1000.0f;  // -60 dBFS

}  // namespace

AlignedEchoRemover::AlignedEchoRemover(int sample_rate_hz, int max_delay_ms, bool removes_always)
    : finder_(max_delay_ms),
      far_end_(webrtc::RenderDelayBuffer::Create(Aec3Config(), sample_rate_hz, 1)),
      remover_(webrtc::EchoRemover::Create(Aec3Config(), sample_rate_hz, 1, 1)),
      removes_always_(removes_always),
      linear_output_(1, 1),
      delayed_far_end_(sample_rate_hz / 16000, static_cast<size_t>(max_delay_ms + 100) * kSamplesPerMs),
      aligned_far_end_(sample_rate_hz / 16000, 1) {
  // The buffer reads one block behind what it was given last; now the two are of the same time.
  (void)far_end_->PrepareCaptureProcessing();
  (void)far_end_->AlignFromDelay(0);
}

bool AlignedEchoRemover::Process(const webrtc::Block& far_end, bool near_end_clips, webrtc::Block& near_end) noexcept TALKPATH_NONBLOCKING {
  delayed_far_end_.Push(far_end);
  delayed_far_end_.Read(static_cast<size_t>(std::max(0, aligned_for_samples_ - kHeadroomSamples)), aligned_far_end_);
  (void)TALKPATH_UNMARKED(far_end_->Insert(aligned_far_end_));
  (void)TALKPATH_UNMARKED(far_end_->PrepareCaptureProcessing());
  const auto far_band = BandOf(far_end, 0);
  const auto near_band = BandOf(near_end, 0);
  std::array<float, kBlockSize> heard;
  std::ranges::copy(near_band, heard.begin());
  if (finder_.Process(far_band, heard, gate_.filter_fits())) Align();

  const bool removes = removes_always_ || finder_.found();
  blocks_to_go_on_ = removes ? kBlocksToGoOn : std::max(0, blocks_to_go_on_ - 1);
  if (blocks_to_go_on_ > 0) {
    using Adjustment = webrtc::EchoPathVariability::DelayAdjustment;
    const Adjustment adjustment = filter_is_stale_ ? Adjustment::kNewDetectedDelay : Adjustment::kNone;
    const webrtc::EchoPathVariability variability = TALKPATH_UNMARKED(webrtc::EchoPathVariability(false, adjustment, false));
    webrtc::RenderBuffer* aligned = TALKPATH_UNMARKED(far_end_->GetRenderBuffer());
    TALKPATH_UNMARKED(remover_->ProcessCapture(variability, near_end_clips, alignment_, aligned, &linear_output_, &near_end));
    filter_is_stale_ = false;
    if (finder_.ProcessResidual(BandOf(linear_output_, 0), gate_.filter_fits())) Align();
    Judge(heard, BandOf(linear_output_, 0));
  } else {
    finder_.ResidualIsNearEnd();
    Judge(heard, heard);
  }
  return removes;
}

void AlignedEchoRemover::Judge(std::span<const float> heard, std::span<const float> residual) noexcept TALKPATH_NONBLOCKING {
  gate_.Process(finder_, heard, residual);
  if (gate_.filter_fits()) misfit_blocks_ = 0;
  else if (gate_.filter_counts() && MeanSquare(heard) > kAudiblePower && ++misfit_blocks_ > kLongestMisfitBlocks) {
    misfit_blocks_ = 0;
    filter_is_stale_ = true;
  }
}

// The filter goes with the path: it need not be learnt again when only the delay has changed.
void AlignedEchoRemover::Align() noexcept TALKPATH_NONBLOCKING {
  filter_is_stale_ = !alignment_;
  alignment_ = webrtc::DelayEstimate(webrtc::DelayEstimate::Quality::kRefined, 0);
  aligned_for_samples_ = finder_.delay_samples();
}

}  // namespace talkpath
