// Computes what the echo decision looks at for calls that lie one after another in two files, with the very code that
// does so in the engine.
//   talkpath_caller_features FAR.pcm NEAR.pcm BLOCKS FEATURES.f16
// FAR, NEAR: int16 at 8 kHz. BLOCKS: of 10 ms, in each call. FEATURES: EchoFeatures::kCount halves a block.
#include <cstdio>
#include <cstdlib>

#include "../calls.h"
#include "base/pcm.h"
#include "dsp/aligned_echo_remover.h"
#include "dsp/echo_features.h"

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
  Call(bool always, std::ofstream& out) : remover_(16000, kMaxDelayMs, always), out_(out) {
    for (Resampler* up : {&far_up_, &near_up_}) up->SetKernel(*ResamplerKernel::Get(8000, 16000));
  }

  void Take(std::span<const int16_t> far, std::span<const int16_t> near) {
    const auto wide_far = Widened(far_up_, far);
    auto wide_near = Widened(near_up_, near);
    high_pass_.Process(wide_near);
    far_.insert(far_.end(), wide_far.begin(), wide_far.end());
    near_.insert(near_.end(), wide_near.begin(), wide_near.end());
    size_t at = 0;
    for (; at + webrtc::kBlockSize <= near_.size(); at += webrtc::kBlockSize) {
      webrtc::Block far_block(1, 1);
      webrtc::Block near_block(1, 1);
      std::copy_n(far_.begin() + at, webrtc::kBlockSize, far_block.begin(0, 0));
      std::copy_n(near_.begin() + at, webrtc::kBlockSize, near_block.begin(0, 0));
      (void)remover_.Process(far_block, false, near_block);
      if (remover_.caller().blocks() == rows_) continue;
      ++rows_;
      std::array<_Float16, EchoFeatures::kCount> row;
      for (size_t i = 0; i < row.size(); ++i) row[i] = static_cast<_Float16>(remover_.caller().features()[i]);
      out_.write(reinterpret_cast<const char*>(row.data()), sizeof row);
    }
    far_.erase(far_.begin(), far_.begin() + static_cast<long>(at));
    near_.erase(near_.begin(), near_.begin() + static_cast<long>(at));
  }
  int64_t rows() const { return rows_; }

 private:
  Resampler far_up_;
  Resampler near_up_;
  HighPassFilter high_pass_{16000, 80.0f};
  AlignedEchoRemover remover_;
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
  for (size_t first = 0, number = 0; first + samples <= near.size(); first += samples, ++number) {
    Call call(number % 2 == 0, out);
    for (size_t at = first; at < first + samples; at += kNarrow) call.Take(std::span(far).subspan(at, kNarrow), std::span(near).subspan(at, kNarrow));
    if (call.rows() != static_cast<int64_t>(samples / kNarrow)) std::fprintf(stderr, "call %zu: %ld rows\n", number, call.rows());
  }
  return 0;
}
