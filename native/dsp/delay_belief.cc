#include "dsp/delay_belief.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <limits>
#include <numeric>

#include "dsp/sliding_products.h"

namespace talkpath {
namespace {

// A lag that was worth nothing so far is believed in when the evidence for it exceeds that for the best by so much.
constexpr float kJumpCost = 8.0f;
// Of what is heard, a filter's error and the line's coding leave this much at least; and a lag at which too much was
// expected tells little more than one at which nothing was.
constexpr float kNeverExplained = 0.05f;
constexpr float kMostLeft = 1.5f;
constexpr float kAudiblePower = 4000.0f;  // of the sums of two samples, at -60 dBFS
// The echo of a filter that is still learning is too soft; that of a line is not much louder than it was.
constexpr float kLeastGain = 0.3f;
constexpr float kMostGain = 1.5f;
constexpr size_t kNextTo = 3 * DelayBelief::kRateHz / 2000;  // 1.5 ms: where a voice is still much like itself

// Within 0.006, for positive numbers: side by side, which the library's is not.
float Log2(float x) noexcept TALKPATH_NONBLOCKING {
  const auto bits = std::bit_cast<uint32_t>(x);
  const auto exponent = static_cast<float>(static_cast<int32_t>(bits >> 23) - 127);
  const float mantissa = std::bit_cast<float>((bits & 0x7FFFFFu) | 0x3F800000u);
  return exponent + (2.0f - 0.33582878f * mantissa) * mantissa - 1.65871f;
}

// As the library's, but of values, side by side.
float Limited(float x, float least, float most) noexcept TALKPATH_NONBLOCKING {
  const float raised = x < least ? least : x;
  return raised > most ? most : raised;
}

float Highest(std::span<const float> values) noexcept TALKPATH_NONBLOCKING {
  std::array<float, 8> highest;
  highest.fill(std::numeric_limits<float>::lowest());
  size_t at = 0;
  for (; at + highest.size() <= values.size(); at += highest.size()) {
    for (size_t lane = 0; lane < highest.size(); ++lane) highest[lane] = highest[lane] < values[at + lane] ? values[at + lane] : highest[lane];
  }
  for (; at < values.size(); ++at) highest[0] = std::max(highest[0], values[at]);
  return std::ranges::max(highest);
}

float Energy(std::span<const float> samples) noexcept TALKPATH_NONBLOCKING {
  return std::inner_product(samples.begin(), samples.end(), samples.begin(), 0.0f);
}

}  // namespace

DelayBelief::DelayBelief(size_t farthest_lag, float evidence)
    : farthest_lag_(farthest_lag), evidence_(evidence), beliefs_(farthest_lag + 1, -kJumpCost) {
  BeSureOf(0);
}

void DelayBelief::BeSureOf(size_t lag) noexcept TALKPATH_NONBLOCKING {
  first_ = 1;
  last_ = 0;
  LookAround(lag);
  beliefs_[lag] = 0.0f;
  lead_ = kJumpCost;
}

void DelayBelief::LookAround(size_t lag) noexcept TALKPATH_NONBLOCKING {
  const size_t first = lag > kReachSamples ? lag - kReachSamples : 0;
  const size_t last = std::min(farthest_lag_, lag + kReachSamples);
  for (size_t i = first; i <= last; ++i) {
    if (i < first_ || i > last_) beliefs_[i] = -kJumpCost;
  }
  first_ = first;
  last_ = last;
}

size_t DelayBelief::Weigh(std::span<const float> near_end, std::span<const float> echo) noexcept TALKPATH_NONBLOCKING {
  const size_t count = near_end.size();
  const size_t lags = last_ - first_ + 1;
  // [i] is of lag last_ - i: the oldest first, as the samples lie.
  std::array<float, kMostLags> products;
  SlidingProducts(near_end, echo, std::span(products).first(lags));
  std::array<float, kMostLags> energies;
  float energy = Energy(echo.first(count)) + 1.0f;
  energies[0] = energy;
  for (size_t i = 1; i < lags; ++i) {
    energy += echo[i + count - 1] * echo[i + count - 1] - echo[i - 1] * echo[i - 1];
    energies[i] = std::max(1.0f, energy);
  }
  const float share = 1.0f / (Energy(near_end) + kAudiblePower * static_cast<float>(count));
  std::array<float, kMostLags> left;
  for (size_t i = 0; i < lags; ++i) {
    const float gain = Limited(products[i] / energies[i], kLeastGain, kMostGain);
    left[i] = Limited(1.0f - share * gain * (2.0f * products[i] - gain * energies[i]), 0.0f, kMostLeft);
  }
  const std::span<float> looked_at = std::span(beliefs_).subspan(first_, lags);
  for (size_t i = 0; i < lags; ++i) looked_at[i] = std::max(looked_at[i], -kJumpCost) - evidence_ * Log2(left[lags - 1 - i] + kNeverExplained);
  const float most = Highest(looked_at);
  const auto best = static_cast<size_t>(std::ranges::find(looked_at, most) - looked_at.begin());
  for (float& belief : looked_at) belief -= most;
  const std::span<const float> before = looked_at.first(best - std::min(best, kNextTo));
  const std::span<const float> after = looked_at.subspan(std::min(lags, best + kNextTo + 1));
  lead_ = std::min(kJumpCost, -std::max(Highest(before), Highest(after)));
  return first_ + best;
}

}  // namespace talkpath
