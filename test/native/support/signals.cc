#include "support/signals.h"

#include <cmath>
#include <numbers>
#include <numeric>

#include "base/pcm.h"

namespace talkpath::test {
namespace {

double FromDb(double db) { return std::pow(10.0, db / 20.0); }

double Power(std::span<const float> samples) {
  double sum = 0.0;
  for (float sample : samples) sum += static_cast<double>(sample) * sample;
  return samples.empty() ? 0.0 : sum / static_cast<double>(samples.size());
}

}  // namespace

Samples Tone(double hz, double peak_dbfs, int rate_hz, size_t count, double phase) {
  const double amplitude = kFullScale * FromDb(peak_dbfs);
  const double step = 2.0 * std::numbers::pi * hz / rate_hz;
  Samples samples(count);
  for (size_t i = 0; i < count; ++i) samples[i] = static_cast<float>(amplitude * std::sin(phase + step * static_cast<double>(i)));
  return samples;
}

Samples Noise(double level_dbfs, size_t count, Random& random) {
  const double deviation = kFullScale * FromDb(level_dbfs);
  Samples samples(count);
  for (float& sample : samples) sample = static_cast<float>(deviation * random.Gaussian());
  return samples;
}

Samples Constant(float value, size_t count) { return Samples(count, value); }

Pcm Ramp(int first, size_t count) {
  Pcm samples(count);
  std::iota(samples.begin(), samples.end(), static_cast<int16_t>(first));
  return samples;
}

Pcm ToPcm(std::span<const float> samples) {
  Pcm pcm(samples.size());
  ToInt16(samples, pcm);
  return pcm;
}

Samples ToSamples(std::span<const int16_t> samples) { return {samples.begin(), samples.end()}; }

double LevelDbfs(std::span<const float> samples) {
  return 10.0 * std::log10(Power(samples) / (static_cast<double>(kFullScale) * kFullScale) + 1e-20);
}

double LevelDbfs(std::span<const int16_t> samples) { return LevelDbfs(ToSamples(samples)); }

void SetLevel(std::span<float> samples, double level_dbfs) {
  const double gain = FromDb(level_dbfs - LevelDbfs(samples));
  for (float& sample : samples) sample = static_cast<float>(sample * gain);
}

size_t FindLag(std::span<const float> sent, std::span<const float> heard, size_t longest_lag) {
  size_t best_lag = 0;
  double best = -1e300;
  for (size_t lag = 0; lag <= longest_lag; ++lag) {
    double product = 0.0;
    for (size_t i = 0; i < sent.size() && i + lag < heard.size(); ++i) product += static_cast<double>(sent[i]) * heard[i + lag];
    if (product > best) {
      best = product;
      best_lag = lag;
    }
  }
  return best_lag;
}

}  // namespace talkpath::test
