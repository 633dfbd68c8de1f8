#include "dsp/echo_canceller.h"

#include <algorithm>

#include "base/pcm.h"
#include "dsp/aligned_echo_remover.h"
#include "dsp/voice_block.h"
#include "modules/audio_processing/aec3/block_framer.h"
#include "modules/audio_processing/aec3/frame_blocker.h"

namespace talkpath {
namespace {

constexpr int kSubFrames = 2;  // of a 10 ms block; each makes one 4 ms block, and every second time one is left over
constexpr int kBlocksToBegin = 3;
constexpr float kClips = 32700.0f;

using SubFrame = std::vector<std::vector<rtc::ArrayView<float>>>;

void ViewSubFrame(webrtc::AudioBuffer& buffer, int index, SubFrame& view) noexcept TALKPATH_NONBLOCKING {
  constexpr size_t kSamples = webrtc::kSubFrameLength;
  float* const* bands = TALKPATH_UNMARKED(buffer.split_bands(0));
  for (size_t band = 0; band < view.size(); ++band) {
    float* const first = bands[band] + static_cast<size_t>(index) * kSamples;
    view[band][0] = TALKPATH_UNMARKED(rtc::ArrayView<float>(first, kSamples));
  }
}

}  // namespace

struct EchoCanceller::Parts {
  Parts(int sample_rate_hz, int max_delay_ms, EchoCancellation when)
      : bands(sample_rate_hz / 16000),
        far_end(sample_rate_hz),
        near_end(sample_rate_hz),
        far_blocker(static_cast<size_t>(bands), 1),
        near_blocker(static_cast<size_t>(bands), 1),
        framer(static_cast<size_t>(bands), 1),
        far_block(bands, 1),
        near_block(bands, 1),
        view(static_cast<size_t>(bands), std::vector<rtc::ArrayView<float>>(1)),
        remover(sample_rate_hz, max_delay_ms, when == EchoCancellation::kAlways),
        silence(SamplesPerBlock(sample_rate_hz), 0.0f) {
    far_end.Load(silence);
  }

  const int bands;
  VoiceBlock far_end;
  VoiceBlock near_end;
  webrtc::FrameBlocker far_blocker;
  webrtc::FrameBlocker near_blocker;
  webrtc::BlockFramer framer;
  webrtc::Block far_block;
  webrtc::Block near_block;
  SubFrame view;
  AlignedEchoRemover remover;
  const std::vector<float> silence;
  bool far_end_given = false;
  bool removing = false;
  int blocks_removed = 0;
};

Result<std::unique_ptr<EchoCanceller>> EchoCanceller::Create(int sample_rate_hz, int max_delay_ms, EchoCancellation when) {
  if (!VoiceBlock::TakesRate(sample_rate_hz)) {
    return Fail("Expected 16000, 32000 or 48000 for sample_rate_hz of the echo canceller but received " + std::to_string(sample_rate_hz));
  }
  if (max_delay_ms < kShortestMaxDelayMs || max_delay_ms > kLongestMaxDelayMs) {
    return Fail("Expected integer between " + std::to_string(kShortestMaxDelayMs) + " and " + std::to_string(kLongestMaxDelayMs) +
                " for max_delay_ms of the echo canceller but received " + std::to_string(max_delay_ms));
  }
  if (when != EchoCancellation::kAlways && when != EchoCancellation::kAuto) {
    return Fail("Expected 1 (always) or 2 (auto) for when of the echo canceller but received " + std::to_string(static_cast<int>(when)));
  }
  return std::unique_ptr<EchoCanceller>(new EchoCanceller(std::make_unique<Parts>(sample_rate_hz, max_delay_ms, when)));
}

EchoCanceller::EchoCanceller(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
EchoCanceller::~EchoCanceller() = default;

void EchoCanceller::AnalyzeFarEnd(std::span<const float> block) noexcept TALKPATH_NONBLOCKING {
  parts_->far_end.Load(block);
  parts_->far_end_given = true;
}

void EchoCanceller::Process(std::span<float> block) noexcept TALKPATH_NONBLOCKING {
  Parts& p = *parts_;
  if (!p.far_end_given) p.far_end.Load(p.silence);
  p.far_end_given = false;
  const bool clips = std::ranges::any_of(block, [](float sample) { return sample >= kClips || sample <= -kClips; });
  p.near_end.Load(block);

  bool removes = false;
  for (int i = 0; i < kSubFrames; ++i) {
    ViewSubFrame(p.far_end.buffer(), i, p.view);
    TALKPATH_UNMARKED(p.far_blocker.InsertSubFrameAndExtractBlock(p.view, &p.far_block));
    ViewSubFrame(p.near_end.buffer(), i, p.view);
    TALKPATH_UNMARKED(p.near_blocker.InsertSubFrameAndExtractBlock(p.view, &p.near_block));
    removes = p.remover.Process(p.far_block, clips, p.near_block);
    TALKPATH_UNMARKED(p.framer.InsertBlockAndExtractSubFrame(p.near_block, &p.view));
  }
  if (TALKPATH_UNMARKED(p.near_blocker.IsBlockAvailable())) {
    TALKPATH_UNMARKED(p.far_blocker.ExtractBlock(&p.far_block));
    TALKPATH_UNMARKED(p.near_blocker.ExtractBlock(&p.near_block));
    removes = p.remover.Process(p.far_block, clips, p.near_block);
    TALKPATH_UNMARKED(p.framer.InsertBlock(p.near_block));
  }

  p.blocks_removed = removes ? p.blocks_removed + 1 : 0;
  // The first blocks are the remover's beginning: it overlaps with what it had before, which is nothing.
  if (!p.removing && p.blocks_removed < kBlocksToBegin) return;
  std::array<float, kMaxBlockSamples> heard;
  std::ranges::copy(block, heard.begin());
  p.near_end.Store(block);
  if (removes == p.removing) return;
  // From one to the other within the block, so that the step in delay does not click.
  Ramp(block, removes ? 0.0f : 1.0f, removes ? 1.0f : 0.0f);
  Ramp(std::span(heard).first(block.size()), removes ? 1.0f : 0.0f, removes ? 0.0f : 1.0f);
  for (size_t i = 0; i < block.size(); ++i) block[i] += heard[i];
  p.removing = removes;
}

bool EchoCanceller::echo_found() const noexcept { return parts_->remover.path().found(); }

double EchoCanceller::echo_delay_ms() const noexcept {
  const EchoTracker& tracker = parts_->remover.caller().tracker();
  return 1000.0 * tracker.delay_samples() / EchoTracker::kRateHz;
}

bool EchoCanceller::echo_possible() const noexcept TALKPATH_NONBLOCKING {
  return parts_->remover.path().echo_possible();
}

bool EchoCanceller::caller_speaks() const noexcept TALKPATH_NONBLOCKING { return parts_->remover.caller().speaks(); }

float EchoCanceller::caller_probability() const noexcept { return parts_->remover.caller().probability(); }

bool EchoCanceller::removes() const noexcept { return parts_->removing; }

}  // namespace talkpath
