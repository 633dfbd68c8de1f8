#include "playout/concealer.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace talkpath {
namespace {

constexpr int kShortestPeriodMs = 5;   // 200 Hz
constexpr int kLongestPeriodMs = 15;   // 66 Hz
constexpr int kTemplateMs = 12;
constexpr int kFullLevelMs = 10;
constexpr int kSilentFromMs = 60;
constexpr int kRecoveryMs = 5;
constexpr int kBridgeMs = 3;

}  // namespace

void Concealer::Reset(int rate_hz) noexcept TALKPATH_NONBLOCKING {
  rate_hz_ = rate_hz;
  EndOfSpeech();
}

void Concealer::EndOfSpeech() noexcept TALKPATH_NONBLOCKING {
  history_.fill(0.0f);
  gap_samples_ = 0;
}

void Concealer::Accept(std::span<float> samples) noexcept TALKPATH_NONBLOCKING {
  if (gap_samples_ > 0 && !samples.empty()) {
    const size_t fade = std::min(samples.size(), SamplesIn(kRecoveryMs, rate_hz_));
    for (size_t i = 0; i < fade; ++i) {
      const float weight = static_cast<float>(i + 1) / static_cast<float>(fade + 1);
      samples[i] = weight * samples[i] + (1.0f - weight) * NextConcealed();
    }
    gap_samples_ = 0;
  }
  Remember(samples);
}

void Concealer::Conceal(std::span<float> samples) noexcept TALKPATH_NONBLOCKING {
  if (samples.empty()) return;
  if (gap_samples_ == 0) StartGap();
  for (float& sample : samples) sample = NextConcealed();
}

void Concealer::LetGo(std::span<float> samples) noexcept TALKPATH_NONBLOCKING {
  const size_t fade = gap_samples_ > 0 ? std::min(samples.size(), SamplesIn(kRecoveryMs, rate_hz_)) : 0;
  for (size_t i = 0; i < fade; ++i) samples[i] = NextConcealed() * static_cast<float>(fade - i) / static_cast<float>(fade + 1);
  std::ranges::fill(samples.subspan(fade), 0.0f);
}

bool Concealer::audible() const noexcept TALKPATH_NONBLOCKING { return gap_samples_ < SamplesIn(kSilentFromMs, rate_hz_); }

float Concealer::NextConcealed() noexcept TALKPATH_NONBLOCKING {
  const float full = static_cast<float>(SamplesIn(kFullLevelMs, rate_hz_));
  const float silent = static_cast<float>(SamplesIn(kSilentFromMs, rate_hz_));
  const float position = static_cast<float>(gap_samples_++);
  const float gain = std::clamp((silent - position) / (silent - full), 0.0f, 1.0f);
  const float bridged = static_cast<float>(SamplesIn(kBridgeMs, rate_hz_));
  const float bridge = step_ * std::max(0.0f, 1.0f - (position + 1.0f) / bridged);
  const float sample = std::clamp(period_[period_position_] + bridge, -peak_, peak_) * gain;
  period_position_ = (period_position_ + 1) % period_samples_;
  return sample;
}

// Finds the lag at which the newest stretch looks most like what came before, and keeps one period.
void Concealer::StartGap() noexcept TALKPATH_NONBLOCKING {
  const size_t shortest = SamplesIn(kShortestPeriodMs, rate_hz_);
  const size_t longest = SamplesIn(kLongestPeriodMs, rate_hz_);
  const size_t length = SamplesIn(kTemplateMs, rate_hz_);
  const float* newest = history_.data() + history_.size() - length;
  // Every second sample is enough to find a pitch below 200 Hz.
  constexpr size_t kStride = 2;
  float best_score = 0.0f;
  period_samples_ = longest;
  for (size_t lag = shortest; lag <= longest; ++lag) {
    float product = 0.0f;
    float energy = 1.0f;
    for (size_t i = 0; i < length; i += kStride) {
      const float past = *(newest + i - lag);
      product += newest[i] * past;
      energy += past * past;
    }
    const float score = product > 0.0f ? product / std::sqrt(energy) : 0.0f;
    if (score > best_score) {
      best_score = score;
      period_samples_ = lag;
    }
  }

  const float* last_period = history_.data() + history_.size() - period_samples_;
  std::copy_n(last_period, period_samples_, period_.begin());
  // Blend the end of the period into what preceded its start, so that each repetition joins smoothly.
  const size_t seam = period_samples_ / 4;
  for (size_t i = 0; i < seam; ++i) {
    const size_t at = period_samples_ - seam + i;
    const float weight = static_cast<float>(i + 1) / static_cast<float>(seam + 1);
    period_[at] = (1.0f - weight) * period_[at] + weight * *(last_period - seam + i);
  }
  period_position_ = 0;
  gap_samples_ = 0;
  // No two periods are the same: the step from the last sample to the repetition is levelled out at its beginning.
  step_ = history_.back() - last_period[-1];
  // Levelling it out may not make it louder than what was heard.
  peak_ = 0.0f;
  for (const float sample : history_) peak_ = std::max(peak_, std::abs(sample));
}

void Concealer::Remember(std::span<const float> samples) noexcept TALKPATH_NONBLOCKING {
  const size_t count = std::min(samples.size(), history_.size());
  if (count == 0) return;
  std::memmove(history_.data(), history_.data() + count, (history_.size() - count) * sizeof(float));
  std::memcpy(history_.data() + history_.size() - count, samples.data() + samples.size() - count, count * sizeof(float));
}

}  // namespace talkpath
