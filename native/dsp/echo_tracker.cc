#include "dsp/echo_tracker.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>

#include "base/pcm.h"

namespace talkpath {
namespace {

constexpr float kAudiblePower = 1000.0f;  // -60 dBFS
constexpr float kPerBlock = 0.3f;         // the newest block's weight in the means
// A filter that has removed 10 dB may be asked where the echo is.
constexpr float kProvenShare = 0.1f;
// An echo that is explained so far has not moved.
constexpr float kSurelyExplained = 0.9f;
constexpr float kExplained = 0.5f;
// Another lag must explain so much, and so much more than the known one.
constexpr float kLeastExplained = 0.3f;
constexpr float kMoreExplained = 0.1f;
// The evidence of a block is how much better the other lag explains it than any further off, the known one included: the
// logarithm of the ratio of what is left, and of what a filter's error and the line's coding leave at least. A vowel is
// explained as well a period sooner or later, and is no evidence.
constexpr size_t kFurtherOffLags = 6;  // of two samples
constexpr float kNeverExplained = 0.05f;
constexpr float kEnoughEvidence = 1.0f;
// A move is soon taken back: the pitch of a voice may have looked like one.
constexpr float kEnoughToGoBack = 0.7f;
constexpr int kDoubtfulBlocks = 50;
constexpr int kAgreeingSamples = 2;
// Nearer than a millisecond it is the filter that is not yet right.
constexpr int kLeastMoveSamples = EchoTracker::kRateHz / 1000;
// What was found elsewhere counts when it is another delay, and the known one has explained nothing for 0.3 s.
constexpr int kSameDelaySamples = 40;
constexpr int kLostBlocks = 30;
// A filter that adds to what is heard for 0.75 s was learnt of another path.
constexpr int kHarmfulBlocks = 75;

}  // namespace

void EchoTracker::Past::Push(std::span<const float, kBlock> block) noexcept TALKPATH_NONBLOCKING {
  std::ranges::copy(block, &twice_[end_]);
  std::ranges::copy(block, &twice_[end_ + samples_]);
  end_ = (end_ + kBlock) % samples_;
}

EchoTracker::EchoTracker(int max_delay_ms)
    : farthest_lag_(static_cast<size_t>(max_delay_ms) * kRateHz / 1000),
      far_(farthest_lag_ + EchoFilter::kWindowSamples),
      echo_(farthest_lag_ + kSearchSamples),
      near_(kSearchSamples) {}

void EchoTracker::PathFound(int delay_samples) noexcept TALKPATH_NONBLOCKING {
  const bool followed = proven() && (unexplained_blocks_ < kLostBlocks || std::abs(delay_samples - delay_samples_) < kSameDelaySamples);
  if (followed) return;
  delay_samples_ = std::clamp(delay_samples, 0, static_cast<int>(farthest_lag_));
  evidence_ = 0.0f;
  unexplained_blocks_ = 0;
  if (proven()) return;  // the filter goes with the path
  filter_.Forget();
  following_ = true;
  proven_ = false;
}

EchoTracker::Change EchoTracker::Process(std::span<const float, kBlock> far_end, std::span<const float, kBlock> near_end) noexcept
    TALKPATH_NONBLOCKING {
  far_.Push(far_end);
  near_.Push(near_end);
  PushEcho();
  explained_ = most_explained_ = 0.0f;
  if (!following_) {
    std::ranges::copy(near_end, residual_.begin());
    return Change::kNone;
  }
  const bool moved = proven_ && Moved();
  const std::span<const float, EchoFilter::kWindowSamples> far_window(far_.At(EchoFilter::kWindowSamples, Lag()), EchoFilter::kWindowSamples);
  filter_.Process(far_window, near_end, residual_);
  filter_.Learn(residual_);
  near_power_ += kPerBlock * (MeanSquare(near_end) - near_power_);
  residual_power_ += kPerBlock * (MeanSquare(residual_) - residual_power_);
  proven_ = proven_ || (near_power_ > kAudiblePower && residual_power_ < kProvenShare * near_power_);
  if (DoesHarm()) {
    filter_.Forget();
    proven_ = false;
    return Change::kForgotten;
  }
  return moved ? Change::kMoved : Change::kNone;
}

void EchoTracker::PushEcho() noexcept TALKPATH_NONBLOCKING {
  std::array<float, kBlock> echo{};
  if (proven()) {
    const auto taps = filter_.SureTaps();
    const float* far = far_.At(kBlock, 0);
    for (size_t tap = 0; tap < taps.size(); ++tap) {
      for (size_t i = 0; i < kBlock; ++i) echo[i] += taps[tap] * far[static_cast<ptrdiff_t>(i) - static_cast<ptrdiff_t>(tap)];
    }
  }
  echo_.Push(echo);
}

// Looks whether the near end fits the echo of another delay better, and goes there when that has been so for long enough.
bool EchoTracker::Moved() noexcept TALKPATH_NONBLOCKING {
  ++blocks_since_move_;
  const std::span<const float> near(near_.At(kSearchSamples, 0), kSearchSamples);
  near_energy_ = MeanSquare(near) * kSearchSamples;
  if (near_energy_ < kAudiblePower * kSearchSamples) return false;
  const size_t known = Lag();
  explained_ = most_explained_ = ExplainedAt(known);
  unexplained_blocks_ = explained_ > kExplained ? 0 : unexplained_blocks_ + 1;
  Match best = {.lag = known};
  if (explained_ < kSurelyExplained) {
    best = FindMatch(known > kReachSamples ? known - kReachSamples : 0, std::min(farthest_lag_, known + kReachSamples));
    most_explained_ = std::max(explained_, best.explained);
  }
  const auto apart = [](size_t one, size_t other) { return std::abs(static_cast<int>(one) - static_cast<int>(other)); };
  if (most_explained_ < std::max(kLeastExplained, explained_ + kMoreExplained) || apart(best.lag, known) < kLeastMoveSamples) {
    evidence_ = 0.0f;
    return false;
  }
  if (apart(best.lag, candidate_lag_) > kAgreeingSamples) evidence_ = 0.0f;
  candidate_lag_ = best.lag;
  const float rival = std::max(explained_, std::min(best.rival, most_explained_));
  evidence_ += std::log((1.0f + kNeverExplained - rival) / (1.0f + kNeverExplained - most_explained_));
  const bool back = blocks_since_move_ < kDoubtfulBlocks && apart(best.lag, lag_before_) <= kAgreeingSamples;
  if (evidence_ < (back ? kEnoughToGoBack : kEnoughEvidence)) return false;
  evidence_ = 0.0f;
  lag_before_ = known;
  blocks_since_move_ = 0;
  explained_ = most_explained_;
  delay_samples_ = static_cast<int>(best.lag) + kHeadroomSamples;
  return true;
}

float EchoTracker::ExplainedAt(size_t lag) const noexcept TALKPATH_NONBLOCKING {
  const float* near = near_.At(kSearchSamples, 0);
  const float* echo = echo_.At(kSearchSamples, lag);
  const float product = std::inner_product(near, near + kSearchSamples, echo, 0.0f);
  const float energy = std::inner_product(echo, echo + kSearchSamples, echo, 0.0f);
  return product <= 0.0f ? 0.0f : product * product / ((energy + kAudiblePower) * near_energy_);
}

// At half the rate first, then to the sample.
EchoTracker::Match EchoTracker::FindMatch(size_t first, size_t last) const noexcept TALKPATH_NONBLOCKING {
  constexpr size_t kHalves = kSearchSamples / 2;
  constexpr size_t kMostLags = kReachSamples + 1;
  const float* near = near_.At(kSearchSamples, 0);
  const size_t lags = (last - first) / 2 + 1;
  // [i] is of lag last - 2 i: the oldest first, as the samples lie.
  std::array<float, kMostLags + kHalves> echo;
  const size_t halves = lags + kHalves - 1;
  const float* whole = echo_.At(2 * halves, last - 2 * (lags - 1));
  for (size_t i = 0; i < halves; ++i) echo[i] = whole[2 * i] + whole[2 * i + 1];
  std::array<float, kMostLags> products{};
  for (size_t n = 0; n < kHalves; ++n) {
    const float sample = near[2 * n] + near[2 * n + 1];
    for (size_t i = 0; i < lags; ++i) products[i] += sample * echo[n + i];
  }
  float energy = kAudiblePower;
  for (size_t n = 0; n < kHalves; ++n) energy += echo[n] * echo[n];
  float near_energy = 0.0f;
  for (size_t n = 0; n < kHalves; ++n) near_energy += (near[2 * n] + near[2 * n + 1]) * (near[2 * n] + near[2 * n + 1]);
  float most = 0.0f;
  size_t best = last;
  for (size_t i = 0; i < lags; ++i) {
    const float explained = products[i] > 0.0f ? products[i] * products[i] / (energy * near_energy) : 0.0f;
    products[i] = explained;
    if (explained > most) {
      most = explained;
      best = last - 2 * i;
    }
    energy = std::max(kAudiblePower, energy + echo[i + kHalves] * echo[i + kHalves] - echo[i] * echo[i]);
  }
  Match match = {.lag = best};
  const size_t at = (last - best) / 2;
  for (size_t i = 0; i < lags; ++i) {
    if (i + kFurtherOffLags < at || i > at + kFurtherOffLags) match.rival = std::max(match.rival, products[i]);
  }
  for (size_t lag = std::max(first + 2, best) - 2; lag <= std::min(last, best + 2); ++lag) {
    const float explained = ExplainedAt(lag);
    if (explained <= match.explained) continue;
    match.explained = explained;
    match.lag = lag;
  }
  return match;
}

bool EchoTracker::DoesHarm() noexcept TALKPATH_NONBLOCKING {
  if (near_power_ < kAudiblePower) return false;
  harmful_blocks_ = residual_power_ > near_power_ ? harmful_blocks_ + 1 : 0;
  if (harmful_blocks_ < kHarmfulBlocks) return false;
  harmful_blocks_ = 0;
  return true;
}

}  // namespace talkpath
