#include "dsp/minimum_phase.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "dsp/fourier.h"

namespace talkpath {
namespace {

std::vector<double> Times(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> product(a.size() + b.size() - 1, 0.0);
  for (size_t i = 0; i < a.size(); ++i) {
    for (size_t j = 0; j < b.size(); ++j) product[i + j] += a[i] * b[j];
  }
  return product;
}

std::vector<double> Gain(const std::vector<double>& filter) {
  std::vector<std::complex<double>> x(1024);
  std::ranges::copy(filter, x.begin());
  Fourier(x.size()).Transform(x);
  std::vector<double> gain;
  for (const auto& value : x) gain.push_back(std::abs(value));
  return gain;
}

// Linear phase, its passband to a quarter of the rate.
std::vector<double> LowPass(size_t length) {
  std::vector<double> filter(length);
  for (size_t n = 0; n < length; ++n) {
    const double offset = static_cast<double>(n) - static_cast<double>(length - 1) / 2.0;
    const double angle = std::numbers::pi * offset / 2.0;
    const double window = 0.42 + 0.5 * std::cos(4.0 * angle / static_cast<double>(length + 1)) + 0.08 * std::cos(8.0 * angle / static_cast<double>(length + 1));
    filter[n] = 0.5 * (offset == 0.0 ? 1.0 : std::sin(angle) / angle) * window;
  }
  return filter;
}

// Zeros inside the unit circle stay; those outside are reflected into it.
TEST(MinimumPhase, ReflectsTheZerosOutsideTheUnitCircle) {
  const std::vector<double> inside = {1.0, -0.5};
  const std::vector<double> filter = MinimumPhase(Times({0.5, -1.0}, inside));
  const std::vector<double> expected = Times(inside, inside);
  for (size_t n = 0; n < expected.size(); ++n) EXPECT_NEAR(filter[n], expected[n], 1e-9) << n;
}

TEST(MinimumPhase, KeepsTheGainAndTheLength) {
  const std::vector<double> filter = LowPass(81);
  const std::vector<double> sooner = MinimumPhase(filter);
  ASSERT_EQ(sooner.size(), filter.size());
  const std::vector<double> before = Gain(filter);
  const std::vector<double> after = Gain(sooner);
  for (size_t k = 0; k < before.size(); ++k) EXPECT_NEAR(after[k], before[k], 1e-5 + 1e-4 * before[k]) << k;
}

// Of all filters of that gain it has given out most of its energy at any time.
TEST(MinimumPhase, AnswersSoonest) {
  const std::vector<double> filter = LowPass(80);
  const std::vector<double> sooner = MinimumPhase(filter);
  double energy = 0.0;
  double sooner_energy = 0.0;
  for (size_t n = 0; n < filter.size(); ++n) {
    energy += filter[n] * filter[n];
    sooner_energy += sooner[n] * sooner[n];
    EXPECT_GE(sooner_energy, energy - 1e-6) << n;
  }
  EXPECT_NEAR(sooner_energy, energy, 1e-6);
}

}  // namespace
}  // namespace talkpath
