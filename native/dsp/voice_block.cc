#include "dsp/voice_block.h"

#include <cstring>

namespace talkpath {

VoiceBlock::VoiceBlock(int sample_rate_hz)
    : buffer_(sample_rate_hz, 1, sample_rate_hz, 1, sample_rate_hz, 1) {}

void VoiceBlock::Load(std::span<const float> block) noexcept TALKPATH_NONBLOCKING {
  std::memcpy(TALKPATH_UNMARKED(buffer_.channels()[0]), block.data(), block.size_bytes());
  if (buffer_.num_bands() > 1) TALKPATH_UNMARKED(buffer_.SplitIntoFrequencyBands());
}

void VoiceBlock::Store(std::span<float> block) noexcept TALKPATH_NONBLOCKING {
  if (buffer_.num_bands() > 1) TALKPATH_UNMARKED(buffer_.MergeFrequencyBands());
  std::memcpy(block.data(), TALKPATH_UNMARKED(buffer_.channels()[0]), block.size_bytes());
}

}  // namespace talkpath
