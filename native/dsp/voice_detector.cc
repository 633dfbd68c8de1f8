#include "dsp/voice_detector.h"

#include <array>
#include <cmath>

#include "base/audio_format.h"
#include "base/pcm.h"
#include "common_audio/vad/include/webrtc_vad.h"

namespace talkpath {
namespace {

constexpr float kLeastSpeechDbfs = -52.0f;
constexpr float kMarginOverNoiseDb = 6.0f;
constexpr float kFirstNoiseFloorDbfs = -65.0f;
// WebRTC's detector takes the first block of any noise for speech, and hangs on to it for up to 80 ms.
constexpr int kSettlingBlocks = 10;
constexpr float kLowestNoiseFloorDbfs = -90.0f;
// The floor follows a quieter line at once and a louder one slowly: a talker does not become the noise.
constexpr float kFloorFallPerBlock = 0.2f;
constexpr float kFloorRiseDbPerBlock = 0.02f;  // 2 dB a second

float LevelDbfs(std::span<const float> block) noexcept TALKPATH_NONBLOCKING {
  return 10.0f * std::log10(MeanSquare(block) / (kFullScale * kFullScale) + 1e-10f);
}

}  // namespace

void VoiceDetector::Free::operator()(WebRtcVadInst* detector) const noexcept { WebRtcVad_Free(detector); }

Result<std::unique_ptr<VoiceDetector>> VoiceDetector::Create(int sample_rate_hz, int mode) {
  if (sample_rate_hz != 8000 && sample_rate_hz != 16000 && sample_rate_hz != 32000 && sample_rate_hz != 48000) {
    return Fail("Expected 8000, 16000, 32000 or 48000 for sample_rate_hz of the voice detector but received " + std::to_string(sample_rate_hz));
  }
  std::unique_ptr<WebRtcVadInst, Free> detector(WebRtcVad_Create());
  if (!detector || WebRtcVad_Init(detector.get()) != 0 || WebRtcVad_set_mode(detector.get(), mode) != 0) {
    return Fail("Expected an integer between 0 and 3 for mode of the voice detector but received " + std::to_string(mode));
  }
  return std::unique_ptr<VoiceDetector>(new VoiceDetector(sample_rate_hz, std::move(detector)));
}

VoiceDetector::VoiceDetector(int sample_rate_hz, std::unique_ptr<WebRtcVadInst, Free> detector)
    : sample_rate_hz_(sample_rate_hz),
      detector_(std::move(detector)),
      noise_floor_dbfs_(kFirstNoiseFloorDbfs),
      settling_blocks_(kSettlingBlocks) {}

bool VoiceDetector::IsTooQuiet(std::span<const float> block) const noexcept TALKPATH_NONBLOCKING { return IsTooQuiet(LevelDbfs(block)); }

bool VoiceDetector::IsTooQuiet(float level_dbfs) const noexcept TALKPATH_NONBLOCKING {
  return level_dbfs <= kLeastSpeechDbfs || level_dbfs - noise_floor_dbfs_ <= kMarginOverNoiseDb;
}

VoiceDecision VoiceDetector::Process(std::span<const float> block) noexcept TALKPATH_NONBLOCKING {
  std::array<int16_t, kMaxBlockSamples> samples{};
  ToInt16(block, samples);
  const bool voiced = TALKPATH_UNMARKED(WebRtcVad_Process(detector_.get(), sample_rate_hz_, samples.data(), block.size())) == 1;

  const float level = LevelDbfs(block);
  const bool too_quiet = IsTooQuiet(level);
  const float over_noise = level - noise_floor_dbfs_;
  if (over_noise < 0.0f) noise_floor_dbfs_ = std::max(kLowestNoiseFloorDbfs, noise_floor_dbfs_ + kFloorFallPerBlock * over_noise);
  else noise_floor_dbfs_ += std::min(kFloorRiseDbPerBlock, over_noise);

  const bool settled = settling_blocks_ == 0;
  if (!settled) --settling_blocks_;
  return {.speech = settled && voiced && !too_quiet, .level_dbfs = level};
}

}  // namespace talkpath
