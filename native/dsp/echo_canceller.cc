#include "dsp/echo_canceller.h"

#include <algorithm>

#include "api/audio/echo_canceller3_config.h"
#include "dsp/voice_block.h"
#include "modules/audio_processing/aec3/echo_canceller3.h"

namespace talkpath {
namespace {

constexpr int kMinDelayMs = 100;
constexpr int kMaxDelayMs = 1200;
// AEC3's matched filters: each covers 32 sub-blocks of 4 ms and starts 24 after the one before.
constexpr int kSubBlockMs = 4;
constexpr int kFilterSubBlocks = 32;
constexpr int kFilterShiftSubBlocks = 24;

size_t FiltersFor(int max_delay_ms) {
  const int sub_blocks = (max_delay_ms + kSubBlockMs - 1) / kSubBlockMs;
  const int shifts = std::max(0, sub_blocks - kFilterSubBlocks + kFilterShiftSubBlocks - 1) / kFilterShiftSubBlocks;
  return static_cast<size_t>(shifts + 1);
}

webrtc::EchoCanceller3Config ConfigFor(int max_delay_ms) {
  webrtc::EchoCanceller3Config config;
  config.delay.num_filters = FiltersFor(max_delay_ms);
  webrtc::EchoCanceller3Config::Validate(&config);
  return config;
}

}  // namespace

struct EchoCanceller::Parts {
  Parts(int sample_rate_hz, int max_delay_ms)
      : far_end(sample_rate_hz), near_end(sample_rate_hz), canceller(ConfigFor(max_delay_ms), absl::nullopt, sample_rate_hz, 1, 1) {}
  VoiceBlock far_end;
  VoiceBlock near_end;
  webrtc::EchoCanceller3 canceller;
};

Result<std::unique_ptr<EchoCanceller>> EchoCanceller::Create(int sample_rate_hz, int max_delay_ms) {
  if (!VoiceBlock::TakesRate(sample_rate_hz)) {
    return Fail("Expected 16000, 32000 or 48000 for sample_rate_hz of the echo canceller but received " + std::to_string(sample_rate_hz));
  }
  if (max_delay_ms < kMinDelayMs || max_delay_ms > kMaxDelayMs) {
    return Fail("Expected a value between 100 and 1200 for max_delay_ms of the echo canceller but received " + std::to_string(max_delay_ms));
  }
  return std::unique_ptr<EchoCanceller>(new EchoCanceller(std::make_unique<Parts>(sample_rate_hz, max_delay_ms)));
}

EchoCanceller::EchoCanceller(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
EchoCanceller::~EchoCanceller() = default;

void EchoCanceller::AnalyzeFarEnd(std::span<const float> block) noexcept TALKPATH_NONBLOCKING {
  parts_->far_end.Load(block);
  TALKPATH_UNMARKED(parts_->canceller.AnalyzeRender(&parts_->far_end.buffer()));
}

void EchoCanceller::Process(std::span<float> block) noexcept TALKPATH_NONBLOCKING {
  parts_->near_end.Load(block);
  TALKPATH_UNMARKED(parts_->canceller.AnalyzeCapture(&parts_->near_end.buffer()));
  TALKPATH_UNMARKED(parts_->canceller.ProcessCapture(&parts_->near_end.buffer(), /*level_change=*/false));
  parts_->near_end.Store(block);
}

double EchoCanceller::echo_return_loss_enhancement_db() const {
  return parts_->canceller.GetMetrics().echo_return_loss_enhancement;
}

}  // namespace talkpath
