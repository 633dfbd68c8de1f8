#include "dsp/echo_filter.h"

#include <algorithm>

namespace talkpath {
namespace {

constexpr float kInverse = 1.0f / EchoFilter::kWindowSamples;
constexpr float kShare = static_cast<float>(EchoFilter::kBlock) / EchoFilter::kWindowSamples;
constexpr float kFirstUncertainty = 1.0f;
// The path changes so little: of a weight's square, a block.
constexpr float kDriftShare = 4e-4f;
constexpr float kNearKeep = 0.7f;
constexpr float kLeastNearShare = 0.02f;
// A weight is sure where its power stands this far over its uncertainty.
constexpr float kDoubt = 8.0f;
constexpr size_t kBinsABand = EchoFilter::kWindowSamples / 2 / EchoFilter::kBands;
// Of a bin's power, both its signs counted, to that of a sample.
constexpr float kPerSample = 2.0f * kInverse / EchoFilter::kBlock;
constexpr float kLeastNearPower = 10.0f * EchoFilter::kBlock;  // -80 dBFS

}  // namespace

EchoFilter::EchoFilter() { Forget(); }

void EchoFilter::Forget() noexcept TALKPATH_NONBLOCKING {
  weights_.fill(0.0f);
  uncertainty_.fill(kFirstUncertainty);
  near_power_.fill(0.0f);
  unlearnt_.fill(0.0f);
}

void EchoFilter::Process(std::span<const float, kWindowSamples> far_end, std::span<const float, kBlock> near_end,
                         std::span<float, kBlock> residual) noexcept TALKPATH_NONBLOCKING {
  std::ranges::copy(far_end, fourier_.samples().begin());
  fourier_.Transform();
  std::ranges::copy(fourier_.spectrum(), far_.begin());
  const std::span<float> echo = fourier_.spectrum();
  echo[0] = far_[0] * weights_[0];
  echo[1] = far_[1] * weights_[1];
  for (size_t i = 2; i < kWindowSamples; i += 2) {
    echo[i] = far_[i] * weights_[i] - far_[i + 1] * weights_[i + 1];
    echo[i + 1] = far_[i] * weights_[i + 1] + far_[i + 1] * weights_[i];
  }
  fourier_.Invert();
  const std::span<const float> last = fourier_.samples().last(kBlock);
  for (size_t i = 0; i < kBlock; ++i) residual[i] = near_end[i] - kInverse * last[i];
}

void EchoFilter::Learn(std::span<const float, kBlock> residual) noexcept TALKPATH_NONBLOCKING {
  std::ranges::fill(fourier_.samples(), 0.0f);
  std::ranges::copy(residual, fourier_.samples().last(kBlock).begin());
  fourier_.Transform();
  const std::span<const float> error = fourier_.spectrum();
  unlearnt_.fill(0.0f);
  const auto part = [](auto&& spectrum, size_t first, size_t count) { return std::span(spectrum).subspan(first, count); };
  LearnBin(0, part(far_, 0, 1), part(error, 0, 1), part(weights_, 0, 1));
  LearnBin(kBins - 1, part(far_, 1, 1), part(error, 1, 1), part(weights_, 1, 1));
  for (size_t bin = 1; bin < kBins - 1; ++bin) LearnBin(bin, part(far_, 2 * bin, 2), part(error, 2 * bin, 2), part(weights_, 2 * bin, 2));

  // Only what a filter of kTaps can be.
  std::ranges::copy(weights_, fourier_.spectrum().begin());
  fourier_.Invert();
  for (float& tap : fourier_.samples().first(kTaps)) tap *= kInverse;
  std::ranges::fill(fourier_.samples().subspan(kTaps), 0.0f);
  fourier_.Transform();
  std::ranges::copy(fourier_.spectrum(), weights_.begin());
}

std::array<float, EchoFilter::kTaps> EchoFilter::SureTaps() noexcept TALKPATH_NONBLOCKING {
  const auto sure = [this](size_t bin, float power) { return power / (power + kDoubt * uncertainty_[bin] + 1e-9f); };
  const std::span<float> response = fourier_.spectrum();
  std::ranges::copy(weights_, response.begin());
  response[0] *= sure(0, response[0] * response[0]);
  response[1] *= sure(kBins - 1, response[1] * response[1]);
  for (size_t i = 2; i < kWindowSamples; i += 2) {
    const float share = sure(i / 2, response[i] * response[i] + response[i + 1] * response[i + 1]);
    response[i] *= share;
    response[i + 1] *= share;
  }
  fourier_.Invert();
  std::array<float, kTaps> taps;
  for (size_t i = 0; i < kTaps; ++i) taps[i] = kInverse * fourier_.samples()[i];
  return taps;
}

void EchoFilter::LearnBin(size_t bin, std::span<const float> far, std::span<const float> error, std::span<float> weight) noexcept
    TALKPATH_NONBLOCKING {
  const auto power = [](std::span<const float> value) { return value.size() == 1 ? value[0] * value[0] : value[0] * value[0] + value[1] * value[1]; };
  const float far_power = power(far);
  const float error_power = power(error);
  // What the error holds beyond what is not learnt yet is the near end's.
  const float unlearnt = kShare * far_power * uncertainty_[bin];
  unlearnt_[std::min(bin / kBinsABand, kBands - 1)] += kPerSample * unlearnt;
  const float near = std::max(error_power - unlearnt, kLeastNearShare * error_power);
  near_power_[bin] = std::max(kNearKeep * near_power_[bin] + (1.0f - kNearKeep) * near, kLeastNearPower);
  const float gain = uncertainty_[bin] / (far_power * uncertainty_[bin] + near_power_[bin] / kShare);
  if (far.size() == 1) weight[0] += gain * far[0] * error[0];
  else {
    weight[0] += gain * (far[0] * error[0] + far[1] * error[1]);
    weight[1] += gain * (far[0] * error[1] - far[1] * error[0]);
  }
  uncertainty_[bin] += kDriftShare * power(weight) - kShare * gain * far_power * uncertainty_[bin];
}

}  // namespace talkpath
