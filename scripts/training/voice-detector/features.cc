// Computes what the voice detector looks at for calls that lie one after another in a file, with the very code
// that does so in the engine.
//   talkpath_voice_features CALLS.pcm BLOCKS.u32 STAGES.u8 FEATURES.f32
// CALLS: int16 at 8 kHz. BLOCKS: the blocks of each call. STAGES: 0, or 1 to 3 for a call that first passes the
// engine's high-pass and its noise suppression, low to high. FEATURES: VoiceFeatures::kCount floats a block.
#include <cstdio>

#include "base/pcm.h"
#include "../calls.h"
#include "dsp/voice_features.h"

namespace {

using namespace talkpath;
using training::Read;

using Block = std::array<float, VoiceFeatures::kBlock>;

void Measure(std::span<const int16_t> samples, NoiseSuppression suppression, std::ofstream& out) {
  const bool with_stages = suppression != NoiseSuppression::kOff;
  VoiceFeatures features;
  training::TelephonyStages stages(with_stages ? suppression : NoiseSuppression::kLow);
  Resampler down;
  down.SetKernel(*ResamplerKernel::Get(16000, 8000));
  for (size_t at = 0; at < samples.size(); at += VoiceFeatures::kBlock) {
    Block block;
    ToFloat(samples.subspan(at, block.size()), block);
    if (with_stages) (void)down.Process(stages.Process(block), block);
    std::array<float, VoiceFeatures::kCount> row;
    features.Process(block, row);
    out.write(reinterpret_cast<const char*>(row.data()), sizeof(row));
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fprintf(stderr, "usage: %s CALLS.pcm BLOCKS.u32 STAGES.u8 FEATURES.f32\n", argv[0]);
    return 2;
  }
  const auto samples = Read<int16_t>(argv[1]);
  const auto calls = Read<uint32_t>(argv[2]);
  const auto stages = Read<uint8_t>(argv[3]);
  std::ofstream out(argv[4], std::ios::binary);
  size_t at = 0;
  for (size_t call = 0; call < calls.size(); ++call) {
    const size_t count = calls[call] * VoiceFeatures::kBlock;
    Measure(std::span(samples).subspan(at, count), static_cast<NoiseSuppression>(stages[call]), out);
    at += count;
  }
  return 0;
}
