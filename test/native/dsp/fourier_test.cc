#include "dsp/fourier.h"

#include <gtest/gtest.h>

#include <numbers>

#include "support/random.h"

namespace talkpath {
namespace {

using Spectrum = std::vector<std::complex<double>>;

Spectrum RandomNumbers(size_t count) {
  test::Random random(1);
  Spectrum x(count);
  for (auto& value : x) value = {random.Gaussian(), random.Gaussian()};
  return x;
}

TEST(Fourier, SumsAsItsDefinitionSays) {
  for (size_t points : {1, 2, 4, 64}) {
    const Spectrum x = RandomNumbers(points);
    Spectrum transformed = x;
    Fourier(points).Transform(transformed);
    for (size_t k = 0; k < points; ++k) {
      std::complex<double> sum;
      for (size_t n = 0; n < points; ++n) {
        sum += x[n] * std::polar(1.0, -2.0 * std::numbers::pi * static_cast<double>(k * n) / static_cast<double>(points));
      }
      EXPECT_LT(std::abs(transformed[k] - sum), 1e-12) << k << " of " << points;
    }
  }
}

TEST(Fourier, UndoesItself) {
  const Fourier fourier(1 << 15);
  const Spectrum x = RandomNumbers(1 << 15);
  Spectrum there_and_back = x;
  fourier.Transform(there_and_back);
  fourier.Invert(there_and_back);
  for (size_t n = 0; n < x.size(); ++n) ASSERT_LT(std::abs(there_and_back[n] - x[n]), 1e-13) << n;
}

}  // namespace
}  // namespace talkpath
