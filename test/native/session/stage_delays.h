// What the stages of the two paths state of their delays, put together as the paths are.
#pragma once

#include "dsp/echo_canceller.h"
#include "dsp/high_pass_filter.h"
#include "dsp/noise_suppressor.h"
#include "dsp/resampler_kernel.h"
#include "session/session_config.h"

namespace talkpath::test {

// A resampler lets low frequencies pass first, those at the edge of its band last.
enum class Arrival { kFirst, kLast };

inline double ResamplingMs(int input_rate_hz, int output_rate_hz, Arrival arrival = Arrival::kFirst) {
  const ResamplerKernel& kernel = **ResamplerKernel::Get(input_rate_hz, output_rate_hz);
  return 1000.0 * (arrival == Arrival::kFirst ? kernel.delay_seconds() : kernel.longest_delay_seconds());
}

struct UplinkDelaysMs {
  double to_processing_rate;
  double high_pass;  // at 300 Hz, where a telephone's band begins: the most of it
  double echo_cancellation;
  double noise_suppression;
  double to_agent_rate;

  double Sum() const { return to_processing_rate + high_pass + echo_cancellation + noise_suppression + to_agent_rate; }
};

inline UplinkDelaysMs UplinkDelays(const SessionConfig& config, int agent_rate_hz, Arrival arrival = Arrival::kFirst) {
  const int rate_hz = ProcessingRateHz(config);
  const bool suppresses = config.noise_suppression != NoiseSuppression::kOff;
  return {
      .to_processing_rate = ResamplingMs(config.line_rate_hz, rate_hz, arrival),
      .high_pass = 1000.0 * HighPassFilter::DelaySeconds(config.high_pass_hz, 300.0),
      .echo_cancellation = config.echo_cancellation != EchoCancellation::kNever ? 1000.0 * EchoCanceller::DelaySeconds(rate_hz) : 0.0,
      .noise_suppression = suppresses ? 1000.0 * NoiseSuppressor::DelaySeconds(rate_hz) : 0.0,
      .to_agent_rate = ResamplingMs(rate_hz, agent_rate_hz, arrival),
  };
}

}  // namespace talkpath::test
