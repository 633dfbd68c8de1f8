#include "dsp/echo_ceiling.h"

#include <algorithm>

namespace talkpath {
namespace {

// Of a lag that nothing is known of: no line returns more than it was given.
constexpr float kMostGain = 1.0f;

}  // namespace

EchoCeiling::EchoCeiling(size_t lags, float loud_power)
    : loud_power_(loud_power), far_power_(lags, 0.0f), most_gains_(lags, kMostGain) {}

void EchoCeiling::Add(float far_power, float near_power) noexcept TALKPATH_NONBLOCKING {
  std::shift_right(far_power_.begin(), far_power_.end(), 1);
  far_power_.front() = far_power;
  power_ = 0.0f;
  for (size_t lag = 0; lag < far_power_.size(); ++lag) {
    power_ = std::max(power_, most_gains_[lag] * far_power_[lag]);
    if (far_power_[lag] > loud_power_) most_gains_[lag] = std::min(most_gains_[lag], near_power / far_power_[lag]);
  }
}

}  // namespace talkpath
