// Lets the engine's detectors listen to calls that lie one after another in a file.
//   talkpath_voice_judge CALLS.pcm BLOCKS.u32 JUDGED.f32 [ours|webrtc] [plain|telephony]
// CALLS: int16 at 8 kHz. BLOCKS: the blocks of each call. JUDGED: five numbers a block: a probability, and 1 or 0 for
// what each mode decides; WebRTC's probability is the share of its modes that say yes. telephony: behind the
// engine's high-pass and noise suppression.
#include <cstdio>
#include <string_view>

#include "base/pcm.h"
#include "../calls.h"
#include "common_audio/vad/include/webrtc_vad.h"
#include "dsp/voice_detector.h"

namespace {

using namespace talkpath;
using training::Read;

constexpr size_t kBlock = SamplesPerBlock(8000);

constexpr size_t kModes = 4;
using Verdict = std::array<float, 1 + kModes>;

class Ours {
 public:
  explicit Ours(int rate_hz) {
    for (size_t mode = 0; mode < kModes; ++mode) modes_[mode] = std::move(*VoiceDetector::Create(rate_hz, static_cast<int>(mode)));
  }
  Verdict Process(std::span<const float> block) {
    Verdict verdict;
    for (size_t mode = 0; mode < kModes; ++mode) {
      const VoiceDecision decision = modes_[mode]->Process(block);
      verdict[0] = decision.probability;
      verdict[1 + mode] = decision.speech ? 1.0f : 0.0f;
    }
    return verdict;
  }

 private:
  std::array<std::unique_ptr<VoiceDetector>, kModes> modes_;
};

class WebRtc {
 public:
  explicit WebRtc(int rate_hz) : rate_hz_(rate_hz) {
    for (size_t mode = 0; mode < kModes; ++mode) {
      modes_[mode].reset(WebRtcVad_Create());
      WebRtcVad_Init(modes_[mode].get());
      WebRtcVad_set_mode(modes_[mode].get(), static_cast<int>(mode));
    }
  }
  Verdict Process(std::span<const float> block) {
    std::array<int16_t, 160> samples;
    ToInt16(block, samples);
    Verdict verdict{};
    for (size_t mode = 0; mode < kModes; ++mode) {
      verdict[1 + mode] = WebRtcVad_Process(modes_[mode].get(), rate_hz_, samples.data(), block.size()) == 1 ? 1.0f : 0.0f;
      verdict[0] += verdict[1 + mode] / kModes;
    }
    return verdict;
  }

 private:
  struct Free {
    void operator()(VadInst* detector) const { WebRtcVad_Free(detector); }
  };
  const int rate_hz_;
  std::array<std::unique_ptr<VadInst, Free>, kModes> modes_;
};

template <typename Detector>
void Judge(std::span<const int16_t> samples, bool telephony, std::ofstream& out) {
  Detector detector(telephony ? 16000 : 8000);
  training::TelephonyStages stages(NoiseSuppression::kLow);
  for (size_t at = 0; at < samples.size(); at += kBlock) {
    std::array<float, kBlock> block;
    ToFloat(samples.subspan(at, kBlock), block);
    const Verdict verdict = telephony ? detector.Process(stages.Process(block)) : detector.Process(block);
    out.write(reinterpret_cast<const char*>(verdict.data()), sizeof(verdict));
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) {
    std::fprintf(stderr, "usage: %s CALLS.pcm BLOCKS.u32 JUDGED.f32 ours|webrtc plain|telephony\n", argv[0]);
    return 2;
  }
  const auto samples = Read<int16_t>(argv[1]);
  const auto calls = Read<uint32_t>(argv[2]);
  std::ofstream out(argv[3], std::ios::binary);
  const bool telephony = argv[5] == std::string_view("telephony");
  size_t at = 0;
  for (const uint32_t blocks : calls) {
    const auto call = std::span(samples).subspan(at, blocks * kBlock);
    if (argv[4] == std::string_view("webrtc")) Judge<WebRtc>(call, telephony, out);
    else Judge<Ours>(call, telephony, out);
    at += call.size();
  }
  return 0;
}
