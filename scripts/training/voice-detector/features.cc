// Computes what the voice detector looks at for calls that lie one after another in a file, with the very code
// that does so in the engine.
//   talkpath_voice_features CALLS.pcm BLOCKS.u32 STAGES.u8 FEATURES.f32
// CALLS: int16 at 8 kHz. BLOCKS: the blocks of each call. STAGES: 1 for a call that first passes the engine's
// high-pass and noise suppression. FEATURES: VoiceFeatures::kCount floats a block.
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <span>
#include <vector>

#include "base/pcm.h"
#include "dsp/high_pass_filter.h"
#include "dsp/noise_suppressor.h"
#include "dsp/resampler.h"
#include "dsp/voice_features.h"

namespace {

using namespace talkpath;

template <typename T>
std::vector<T> Read(const char* path) {
  std::ifstream file(path, std::ios::binary);
  const std::vector<char> bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  std::vector<T> values(bytes.size() / sizeof(T));
  std::copy_n(bytes.data(), values.size() * sizeof(T), reinterpret_cast<char*>(values.data()));
  return values;
}

// The uplink's stages before the detector, as the telephony profile sets them.
class Stages {
 public:
  Stages()
      : high_pass_(16000, 80.0f), suppressor_(std::move(*NoiseSuppressor::Create(16000, NoiseSuppression::kModerate))) {
    up_.SetKernel(*ResamplerKernel::Get(8000, 16000));
    down_.SetKernel(*ResamplerKernel::Get(16000, 8000));
  }

  void Process(std::span<float> block) {
    std::vector<float> wide(up_.MaxOutput(block.size()));
    wide.resize(up_.Process(block, wide));
    high_pass_.Process(wide);
    suppressor_->Process(wide);
    std::vector<float> narrow(down_.MaxOutput(wide.size()));
    narrow.resize(down_.Process(wide, narrow));
    std::copy(narrow.begin(), narrow.end(), block.begin());
  }

 private:
  Resampler up_;
  Resampler down_;
  HighPassFilter high_pass_;
  std::unique_ptr<NoiseSuppressor> suppressor_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fprintf(stderr, "usage: %s CALLS.pcm BLOCKS.u32 STAGES.u8 FEATURES.f32\n", argv[0]);
    return 2;
  }
  const auto samples = Read<int16_t>(argv[1]);
  const auto calls = Read<uint32_t>(argv[2]);
  const auto with_stages = Read<uint8_t>(argv[3]);
  std::ofstream out(argv[4], std::ios::binary);
  size_t at = 0;
  for (size_t call = 0; call < calls.size(); ++call) {
    VoiceFeatures features;
    Stages stages;
    for (uint32_t i = 0; i < calls[call]; ++i, at += VoiceFeatures::kBlock) {
      std::array<float, VoiceFeatures::kBlock> block;
      ToFloat(std::span(samples).subspan(at, block.size()), block);
      if (with_stages[call]) stages.Process(block);
      std::array<float, VoiceFeatures::kCount> row;
      features.Process(block, row);
      out.write(reinterpret_cast<const char*>(row.data()), sizeof(row));
    }
  }
  return 0;
}
