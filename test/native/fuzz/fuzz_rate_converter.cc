// Recordings of any length, between any rates, sane or not.
#include <cmath>
#include <vector>

#include "dsp/rate_converter.h"
#include "fuzz/fuzz_targets.h"

namespace talkpath::fuzz {

void FuzzRateConverter(FuzzInput& input) {
  const auto rate = [&input] { return input.Chance() ? input.Between(0, 60'000) : input.Between(-10, 500) * 1000; };
  const int input_rate_hz = rate();
  const int output_rate_hz = rate();
  std::vector<int16_t> samples(static_cast<size_t>(input.Size(3000)));
  input.Fill(samples);
  const auto converted = ConvertRate(samples, input_rate_hz, output_rate_hz);
  const auto known = [](int rate_hz) { return rate_hz >= 1000 && rate_hz <= 384'000; };
  Require(converted.has_value() == (known(input_rate_hz) && known(output_rate_hz)), "rates from 1000 to 384000 Hz are converted, others refused");
  if (!converted) return;
  const double expected = static_cast<double>(samples.size()) * output_rate_hz / input_rate_hz;
  Require(std::abs(static_cast<double>(converted->size()) - expected) <= 1.0, "a recording keeps its length in time");
}

}  // namespace talkpath::fuzz
