#include "dsp/echo_tracker.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>

#include "base/pcm.h"
#include "dsp/sliding_products.h"

namespace talkpath {
namespace {

constexpr float kAudiblePower = 1000.0f;  // -60 dBFS
// An echo that is explained so far has not moved.
constexpr float kSurelyExplained = 0.8f;
constexpr float kExplained = 0.5f;
// Evidence of 10 ms by 10 ms, and of 30 ms by 30 ms, which overlap.
constexpr float kQuickEvidence = 3.5f;
constexpr float kSteadyEvidence = 2.0f;
constexpr float kEnoughLead = 4.0f;
// Nearer than a millisecond it is the filter that is not yet right, and nearer than five it often is: the path is another,
// unless it stays there.
constexpr int kLeastMoveSamples = EchoTracker::kRateHz / 1000;
constexpr int kSureMoveSamples = 5 * EchoTracker::kRateHz / 1000;
constexpr float kNearlyAllExplained = 0.9f;
// While the two beliefs differ nothing is learnt, as long as a move takes; for longer it is the path that has changed.
constexpr int kMovingBlocks = 20;
// A move is found before all of what it is measured by has come from there: for so long it is made exact.
constexpr int kInexactBlocks = 5;
constexpr size_t kExactSamples = 160;
// Where the path was found earlier than it was, so much of its echo is made at once; what was to be heard before is not known.
constexpr size_t kMostMadeBlocks = 12;
// To tell the exact delay by: voices are loudest where they tell it least.
constexpr float kPreEmphasis = 0.9f;
// What was found elsewhere counts when it is another delay, and the known one has explained nothing for 0.3 s.
constexpr int kSameDelaySamples = 40;
constexpr int kLostBlocks = 30;
// Whether a filter is of use is judged by the last quarter of a second in which both ends sounded.
constexpr float kJudgedKeep = 0.96f;
constexpr float kLoudPower = 30.0f * kAudiblePower;
// It may be asked where the echo is when so much of what is heard is like what it makes of the far end, and about as loud.
constexpr float kProvenShare = 0.05f;
constexpr float kProvenGain = 0.6f;
// It was learnt of another path when for 0.75 s not even a third of what it makes was heard, whatever else was.
constexpr float kLeastGain = 0.3f;
constexpr int kUselessBlocks = 75;

int Apart(size_t one, size_t other) noexcept TALKPATH_NONBLOCKING { return std::abs(static_cast<int>(one) - static_cast<int>(other)); }

template <size_t kCount>
std::array<float, kCount / 2> Halves(std::span<const float, kCount> samples) noexcept TALKPATH_NONBLOCKING {
  std::array<float, kCount / 2> halves;
  for (size_t i = 0; i < halves.size(); ++i) halves[i] = samples[2 * i] + samples[2 * i + 1];
  return halves;
}

}  // namespace

void EchoTracker::Past::Push(std::span<const float> block) noexcept TALKPATH_NONBLOCKING {
  std::ranges::copy(block, &twice_[end_]);
  std::ranges::copy(block, &twice_[end_ + samples_]);
  end_ = (end_ + block.size()) % samples_;
}

EchoTracker::EchoTracker(int max_delay_ms)
    : farthest_lag_(static_cast<size_t>(max_delay_ms) * kRateHz / 1000),
      far_(farthest_lag_ + EchoFilter::kWindowSamples),
      near_(kSearchSamples),
      echo_(farthest_lag_ + kSearchSamples),
      echo_halves_((farthest_lag_ + kSearchSamples) / 2),
      quick_(farthest_lag_ / 2, kQuickEvidence),
      steady_(farthest_lag_ / 2, kSteadyEvidence) {}

void EchoTracker::PathFound(int delay_samples) noexcept TALKPATH_NONBLOCKING {
  const bool is_known = following_ && std::abs(delay_samples - delay_samples_) < kSameDelaySamples;
  if (is_known || (proven() && unexplained_blocks_ < kLostBlocks)) return;
  if (!proven()) Forget();  // else the filter goes with the path
  following_ = true;
  delay_samples_ = std::clamp(delay_samples, 0, static_cast<int>(farthest_lag_));
  BeSure();
  unexplained_blocks_ = 0;
}

void EchoTracker::BeSure() noexcept TALKPATH_NONBLOCKING {
  believed_lag_ = steady_lag_ = Lag();
  apart_blocks_ = elsewhere_blocks_ = 0;
  for (DelayBelief* belief : {&quick_, &steady_}) belief->BeSureOf(believed_lag_ / 2);
}

bool EchoTracker::Process(std::span<const float, kBlock> far_end, std::span<const float, kBlock> near_end) noexcept TALKPATH_NONBLOCKING {
  far_.Push(far_end);
  near_.Push(near_end);
  MakeEcho();
  explained_ = most_explained_ = 0.0f;
  if (!following_) {
    std::ranges::copy(near_end, residual_.begin());
    return false;
  }
  if (proven_) Follow();
  filter_.Process(std::span<const float, EchoFilter::kWindowSamples>(far_.At(EchoFilter::kWindowSamples, Lag()), EchoFilter::kWindowSamples), near_end,
                  residual_);
  if (apart_blocks_ == 0 || apart_blocks_ > kMovingBlocks) filter_.Learn(residual_);
  if (apart_blocks_ > 0) {
    const float* echo = EchoAt(kBlock, believed_lag_);
    for (size_t i = 0; i < kBlock; ++i) residual_[i] = near_end[i] - echo[i];
  }
  if (IsOfUse(near_end)) return false;
  Forget();
  BeSure();
  return true;
}

void EchoTracker::MakeEcho() noexcept TALKPATH_NONBLOCKING {
  std::array<float, EchoFilter::kTaps> taps;
  if (following_) taps = filter_.SureTaps();
  const auto made = [&](size_t ago) noexcept TALKPATH_NONBLOCKING { return following_ ? EchoOf(taps, ago) : Block{}; };
  echo_to_come_ = made(0);
  unmade_samples_ += kBlock;
  const size_t first_lag = 2 * std::min(quick_.first_lag(), steady_.first_lag());
  const size_t may_be_unmade = following_ && first_lag > kBlock ? first_lag - kBlock : 0;
  for (; unmade_samples_ > may_be_unmade + kMostMadeBlocks * kBlock; unmade_samples_ -= kBlock) PushEcho(Block{});
  for (; unmade_samples_ > may_be_unmade; unmade_samples_ -= kBlock) PushEcho(made(unmade_samples_ - kBlock));
}

// Of the block after which `ago` samples have come.
EchoTracker::Block EchoTracker::EchoOf(std::span<const float, EchoFilter::kTaps> taps, size_t ago) const noexcept TALKPATH_NONBLOCKING {
  std::array<float, EchoFilter::kTaps> last_first;
  std::ranges::reverse_copy(taps, last_first.begin());
  constexpr size_t kCount = kBlock + EchoFilter::kTaps - 1;
  Block echo;
  SlidingProducts(last_first, std::span(far_.At(kCount, ago), kCount), echo);
  return echo;
}

void EchoTracker::PushEcho(std::span<const float, kBlock> echo) noexcept TALKPATH_NONBLOCKING {
  echo_.Push(echo);
  echo_halves_.Push(Halves(echo));
}

// Looks whether the near end fits the echo of another delay better, and goes there.
void EchoTracker::Follow() noexcept TALKPATH_NONBLOCKING {
  const std::span<const float, kSearchSamples> near(near_.At(kSearchSamples, 0), kSearchSamples);
  near_energy_ = MeanSquare(near) * kSearchSamples;
  if (near_energy_ < kAudiblePower * kSearchSamples) return;
  const size_t known = Lag();
  explained_ = most_explained_ = ExplainedAt(known);
  unexplained_blocks_ = explained_ > kExplained ? 0 : unexplained_blocks_ + 1;
  size_t lag = known;
  if (explained_ > kSurelyExplained) {
    BeSure();
  } else {
    const auto halves = Halves(near);
    believed_lag_ = Believed(quick_, std::span(halves).last(DelayBelief::kBlock));
    most_explained_ = std::max(explained_, ExplainedAt(believed_lag_));
    const size_t steady_lag = Believed(steady_, halves);
    elsewhere_blocks_ = steady_lag != known && Apart(steady_lag, steady_lag_) < kLeastMoveSamples ? elsewhere_blocks_ + 1 : 0;
    steady_lag_ = steady_lag;
    const bool moves = Apart(steady_lag, known) >= kSureMoveSamples || ExplainedAt(steady_lag) > kNearlyAllExplained ||
                       elsewhere_blocks_ >= kMovingBlocks;
    if (moves && steady_.lead() >= kEnoughLead) lag = steady_lag;
  }
  apart_blocks_ = believed_lag_ == known ? 0 : apart_blocks_ + 1;
  if (lag == known) {
    if (inexact_blocks_ > 0) MakeExact();
    return;
  }
  delay_samples_ = DelayOf(lag);
  inexact_blocks_ = kInexactBlocks;
  for (DelayBelief* belief : {&quick_, &steady_}) belief->LookAround(lag / 2);
  believed_lag_ = lag;
  apart_blocks_ = 0;
}

void EchoTracker::MakeExact() noexcept TALKPATH_NONBLOCKING {
  --inexact_blocks_;
  const size_t exact = ToTheSample(Lag());
  if (believed_lag_ == Lag()) believed_lag_ = exact;
  delay_samples_ = DelayOf(exact);
}

// The lag that is believed in, or the known one where that is next to it.
size_t EchoTracker::Believed(DelayBelief& belief, std::span<const float> near_halves) noexcept TALKPATH_NONBLOCKING {
  const size_t count = near_halves.size() + belief.last_lag() - belief.first_lag();
  const size_t lag = ToTheSample(2 * belief.Weigh(near_halves, std::span(echo_halves_.At(count, belief.first_lag() - unmade_samples_ / 2), count)));
  return Apart(lag, Lag()) < kLeastMoveSamples ? Lag() : lag;
}

float EchoTracker::ExplainedAt(size_t lag) const noexcept TALKPATH_NONBLOCKING {
  const float* near = near_.At(kSearchSamples, 0);
  const float* echo = EchoAt(kSearchSamples, lag);
  const float product = std::inner_product(near, near + kSearchSamples, echo, 0.0f);
  const float energy = std::inner_product(echo, echo + kSearchSamples, echo, 0.0f);
  return product <= 0.0f ? 0.0f : product * product / ((energy + kAudiblePower) * near_energy_);
}

// The lag next to this one that fits best.
size_t EchoTracker::ToTheSample(size_t lag) const noexcept TALKPATH_NONBLOCKING {
  const auto emphasised = [](const float* sample) { return sample[0] - kPreEmphasis * sample[-1]; };
  const float* near = near_.At(kExactSamples, 0);
  size_t best = lag;
  float most = 0.0f;
  for (size_t at = std::max<size_t>(2, lag) - 2; at <= std::min(farthest_lag_, lag + 2); ++at) {
    const float* echo = EchoAt(kExactSamples, at);
    float product = 0.0f;
    float energy = kAudiblePower;
    for (size_t i = 0; i < kExactSamples; ++i) {
      product += emphasised(near + i) * emphasised(echo + i);
      energy += emphasised(echo + i) * emphasised(echo + i);
    }
    const float fits = product / std::sqrt(energy);
    if (fits <= most) continue;
    most = fits;
    best = at;
  }
  return best;
}

void EchoTracker::Forget() noexcept TALKPATH_NONBLOCKING {
  filter_.Forget();
  proven_ = false;
  heard_energy_ = echo_energy_ = product_ = 0.0f;
  useless_blocks_ = 0;
}

// Judges the filter by whether what it makes of the far end is in what is heard.
bool EchoTracker::IsOfUse(std::span<const float, kBlock> near_end) noexcept TALKPATH_NONBLOCKING {
  const std::span<const float> far(far_.At(kBlock, static_cast<size_t>(delay_samples_)), kBlock);
  if (MeanSquare(near_end) < kAudiblePower || MeanSquare(far) < kLoudPower) return true;
  heard_energy_ *= kJudgedKeep;
  echo_energy_ *= kJudgedKeep;
  product_ *= kJudgedKeep;
  const float* echo = EchoAt(kBlock, Lag());
  for (size_t i = 0; i < kBlock; ++i) {
    heard_energy_ += near_end[i] * near_end[i];
    echo_energy_ += echo[i] * echo[i];
    product_ += near_end[i] * echo[i];
  }
  proven_ = proven_ || (product_ * product_ > kProvenShare * echo_energy_ * heard_energy_ && product_ > kProvenGain * echo_energy_);
  const bool useless = proven_ && product_ < kLeastGain * echo_energy_;
  useless_blocks_ = useless ? useless_blocks_ + 1 : 0;
  return useless_blocks_ < kUselessBlocks;
}

}  // namespace talkpath
