#include "dsp/aligned_far_end.h"

#include "base/pcm.h"

namespace talkpath {
namespace {

// More than the filter's twelve blocks, and what is looked at beside them.
constexpr size_t kBlocks = 32;
constexpr float kActivePower = 1e4f;  // -50 dBFS
constexpr int kBlocksToBeActive = 20;

}  // namespace

AlignedFarEnd::AlignedFarEnd(int bands)
    : blocks_(kBlocks, static_cast<size_t>(bands), 1),
      spectra_(kBlocks, 1),
      transforms_(kBlocks, 1),
      buffer_(&blocks_, &spectra_, &transforms_),
      optimization_(webrtc::DetectOptimization()) {}

void AlignedFarEnd::Push(const DelayedBands& far_end, size_t delay_samples) noexcept TALKPATH_NONBLOCKING {
  const auto before = static_cast<size_t>(blocks_.write);
  TALKPATH_UNMARKED(blocks_.IncWriteIndex());
  TALKPATH_UNMARKED(spectra_.DecWriteIndex());
  TALKPATH_UNMARKED(transforms_.DecWriteIndex());
  // What was written last is read first.
  blocks_.read = blocks_.write;
  spectra_.read = spectra_.write;
  transforms_.read = transforms_.write;
  webrtc::Block& block = blocks_.buffer[static_cast<size_t>(blocks_.write)];
  far_end.Read(delay_samples, block);
  webrtc::FftData& transform = transforms_.buffer[static_cast<size_t>(transforms_.write)][0];
  TALKPATH_UNMARKED(fft_.PaddedFft(block.View(0, 0), blocks_.buffer[before].View(0, 0), &transform));
  TALKPATH_UNMARKED(transform.Spectrum(optimization_, spectra_.buffer[static_cast<size_t>(spectra_.write)][0]));
  CountActivity(block);
}

// Once every so many blocks that sound, as AEC3 counts them.
void AlignedFarEnd::CountActivity(const webrtc::Block& block) noexcept TALKPATH_NONBLOCKING {
  if (MeanSquare(BandOf(block, 0)) > kActivePower) ++active_blocks_;
  const bool active = active_blocks_ >= kBlocksToBeActive;
  if (active) active_blocks_ = 0;
  TALKPATH_UNMARKED(buffer_.SetRenderActivity(active));
}

}  // namespace talkpath
