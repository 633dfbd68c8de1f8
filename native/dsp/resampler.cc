#include "dsp/resampler.h"

#include <algorithm>
#include <cstring>

#include "base/wide.h"

namespace talkpath {
namespace {

constexpr size_t kPieceSamples = SamplesPerFrame(192000);
constexpr size_t kMaxTaps = 2304;  // 192 kHz to 8 kHz needs 2224

// Two times eight running sums: a vector register or two each, without reordering, and none waits for its own last step.
[[gnu::always_inline]] inline float Dot(const float* __restrict a, const float* __restrict b, size_t count) noexcept TALKPATH_NONBLOCKING {
  float even[8] = {};
  float odd[8] = {};
  size_t i = 0;
  for (; i + 16 <= count; i += 16) {
    for (size_t lane = 0; lane < 8; ++lane) even[lane] += a[i + lane] * b[i + lane];
    for (size_t lane = 0; lane < 8; ++lane) odd[lane] += a[i + 8 + lane] * b[i + 8 + lane];
  }
  if (i < count) {
    for (size_t lane = 0; lane < 8; ++lane) even[lane] += a[i + lane] * b[i + lane];
  }
  for (size_t lane = 0; lane < 8; ++lane) even[lane] += odd[lane];
  return ((even[0] + even[4]) + (even[1] + even[5])) + ((even[2] + even[6]) + (even[3] + even[7]));
}

}  // namespace

Resampler::Resampler() : history_(kMaxTaps + kPieceSamples, 0.0f) {}

void Resampler::SetKernel(const ResamplerKernel* kernel) noexcept TALKPATH_NONBLOCKING {
  kernel_ = kernel;
  next_input_ = 0;
  phase_ = 0;
  std::fill(history_.begin(), history_.begin() + kMaxTaps, 0.0f);
}

size_t Resampler::OutputFor(size_t input_count) const noexcept TALKPATH_NONBLOCKING {
  if (!kernel_ || kernel_->is_copy()) return input_count;
  if (input_count <= next_input_) return 0;
  return ((input_count - next_input_) * kernel_->up() - phase_ + kernel_->down() - 1) / kernel_->down();
}

size_t Resampler::MaxOutput(size_t input_count) const noexcept TALKPATH_NONBLOCKING {
  if (!kernel_ || kernel_->is_copy()) return input_count;
  return (input_count * kernel_->up() + kernel_->down() - 1) / kernel_->down() + 1;
}

size_t Resampler::Process(std::span<const float> in, std::span<float> out) noexcept TALKPATH_NONBLOCKING {
  if (!kernel_ || kernel_->is_copy()) {
    std::ranges::copy(in, out.begin());
    return in.size();
  }
  size_t written = 0;
  while (!in.empty()) {
    const size_t count = std::min(in.size(), kPieceSamples);
    written += ProcessPiece(in.first(count), out.subspan(written));
    in = in.subspan(count);
  }
  return written;
}

TALKPATH_WIDE size_t Resampler::ProcessPiece(std::span<const float> in, std::span<float> out) noexcept TALKPATH_NONBLOCKING {
  const size_t taps = kernel_->taps_per_phase();
  const size_t past = taps - 1;
  float* piece = history_.data() + past;
  std::memcpy(piece, in.data(), in.size_bytes());

  size_t written = 0;
  while (next_input_ < in.size()) {
    out[written++] = Dot(kernel_->Phase(phase_).data(), history_.data() + next_input_, taps);
    phase_ += kernel_->down();
    next_input_ += phase_ / kernel_->up();
    phase_ %= kernel_->up();
  }
  next_input_ -= in.size();
  std::memmove(history_.data(), history_.data() + in.size(), past * sizeof(float));
  return written;
}

}  // namespace talkpath
