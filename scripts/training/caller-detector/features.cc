// Computes what the echo decision looks at for calls that lie one after another in two files, with the very code that
// does so in the engine.
//   talkpath_caller_features FAR.pcm NEAR.pcm BLOCKS FEATURES.f16
// FAR, NEAR: int16 at 8 kHz. BLOCKS: of 10 ms, in each call. FEATURES: EchoFeatures::kCount halves a block.
#include <cstdio>
#include <cstdlib>

#include "../calls.h"
#include "base/pcm.h"
#include "dsp/caller_detector.h"
#include "dsp/echo_path_finder.h"
#include "dsp/hop_spectrum.h"

namespace {

using namespace talkpath;
using training::Read;
constexpr size_t kNarrow = SamplesPerBlock(8000);
constexpr size_t kWide = SamplesPerBlock(16000);
constexpr int kMaxDelayMs = 1200;

std::array<float, kWide> Widened(Resampler& up, std::span<const int16_t> block) {
  std::array<float, kNarrow> narrow;
  std::array<float, kWide> wide{};
  ToFloat(block, narrow);
  (void)up.Process(narrow, wide);
  return wide;
}

class Call {
 public:
  explicit Call(std::ofstream& out) : out_(out) {
    for (Resampler* up : {&far_up_, &near_up_}) up->SetKernel(*ResamplerKernel::Get(8000, 16000));
  }

  void Take(std::span<const int16_t> far, std::span<const int16_t> near) {
    const auto wide_far = Widened(far_up_, far);
    auto wide_near = Widened(near_up_, near);
    high_pass_.Process(wide_near);
    far_.insert(far_.end(), wide_far.begin(), wide_far.end());
    near_.insert(near_.end(), wide_near.begin(), wide_near.end());
    size_t at = 0;
    for (; at + kPiece <= near_.size(); at += kPiece) {
      const auto far_piece = std::span(far_).subspan(at, kPiece);
      const auto near_piece = std::span(near_).subspan(at, kPiece);
      const bool found = finder_.Process(far_piece, near_piece, caller_.known());
      (void)caller_.Process(far_piece, near_piece, finder_, found);
      if (caller_.blocks() == rows_) continue;
      ++rows_;
      std::array<_Float16, EchoFeatures::kCount> row;
      for (size_t i = 0; i < row.size(); ++i) row[i] = static_cast<_Float16>(caller_.features()[i]);
      out_.write(reinterpret_cast<const char*>(row.data()), sizeof row);
    }
    far_.erase(far_.begin(), far_.begin() + static_cast<long>(at));
    near_.erase(near_.begin(), near_.begin() + static_cast<long>(at));
  }
  int64_t rows() const { return rows_; }

 private:
  static constexpr size_t kPiece = HopSpectrum::kBlockSamples;

  Resampler far_up_;
  Resampler near_up_;
  HighPassFilter high_pass_{16000, 80.0f};
  EchoPathFinder finder_{kMaxDelayMs};
  CallerDetector caller_{kMaxDelayMs};
  std::ofstream& out_;
  std::vector<float> far_;
  std::vector<float> near_;
  int64_t rows_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fprintf(stderr, "usage: %s FAR.pcm NEAR.pcm BLOCKS FEATURES.f16\n", argv[0]);
    return 2;
  }
  const auto far = Read<int16_t>(argv[1]);
  const auto near = Read<int16_t>(argv[2]);
  const size_t samples = std::strtoul(argv[3], nullptr, 10) * kNarrow;
  std::ofstream out(argv[4], std::ios::binary);
  for (size_t first = 0; first + samples <= near.size(); first += samples) {
    Call call(out);
    for (size_t at = first; at < first + samples; at += kNarrow) call.Take(std::span(far).subspan(at, kNarrow), std::span(near).subspan(at, kNarrow));
    if (call.rows() != static_cast<int64_t>(samples / kNarrow)) std::fprintf(stderr, "call %zu: %ld rows\n", first / samples, call.rows());
  }
  return 0;
}
