// The far end, as late as its echo: a delay to the sample of all bands at once, which may change between two blocks.
//
// Thread: tick. Nothing but the constructor allocates, locks, logs or throws.
#pragma once

#include <bit>
#include <cstddef>
#include <span>
#include <vector>

#include "base/realtime.h"
#include "modules/audio_processing/aec3/block.h"

namespace talkpath {

// The samples of one of a block's bands.
inline std::span<float, webrtc::kBlockSize> BandOf(webrtc::Block& block, int band) noexcept TALKPATH_NONBLOCKING {
  return std::span<float, webrtc::kBlockSize>(TALKPATH_UNMARKED(block.View(band, 0).data()), webrtc::kBlockSize);
}
inline std::span<const float, webrtc::kBlockSize> BandOf(const webrtc::Block& block, int band) noexcept TALKPATH_NONBLOCKING {
  return std::span<const float, webrtc::kBlockSize>(TALKPATH_UNMARKED(block.View(band, 0).data()), webrtc::kBlockSize);
}

class DelayedBands {
 public:
  DelayedBands(int bands, size_t most_samples)
      : size_(std::bit_ceil(most_samples + webrtc::kBlockSize)), bands_(static_cast<size_t>(bands), std::vector<float>(size_)) {}

  void Push(const webrtc::Block& block) noexcept TALKPATH_NONBLOCKING {
    for (size_t band = 0; band < bands_.size(); ++band) {
      const auto from = BandOf(block, static_cast<int>(band));
      for (size_t i = 0; i < webrtc::kBlockSize; ++i) bands_[band][(written_ + i) & (size_ - 1)] = from[i];
    }
    written_ += webrtc::kBlockSize;
  }

  // Copies out what was pushed last, `delay_samples` earlier; at most what the constructor was told.
  void Read(size_t delay_samples, webrtc::Block& block) const noexcept TALKPATH_NONBLOCKING {
    const size_t first = written_ - webrtc::kBlockSize - delay_samples;
    for (size_t band = 0; band < bands_.size(); ++band) {
      const auto to = BandOf(block, static_cast<int>(band));
      for (size_t i = 0; i < webrtc::kBlockSize; ++i) to[i] = bands_[band][(first + i) & (size_ - 1)];
    }
  }

 private:
  const size_t size_;
  std::vector<std::vector<float>> bands_;
  size_t written_ = 0;
};

}  // namespace talkpath
