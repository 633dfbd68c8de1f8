#include "dsp/sliding_products.h"

#include <gtest/gtest.h>

#include <cmath>

#include "support/signals.h"

namespace talkpath {
namespace {

using namespace test;

// Sums side by side, and those that are left over.
class SlidingProductsOf : public testing::TestWithParam<size_t> {};

TEST_P(SlidingProductsOf, APartAndEachStretchOfAWhole) {
  const size_t count = GetParam();
  Random random(3);
  const Samples part = Noise(-20.0, 57, random);
  const Samples whole = Noise(-20.0, part.size() + count - 1, random);
  Samples products(count, 1.0f);
  SlidingProducts(part, whole, products);
  for (size_t i = 0; i < count; ++i) {
    double expected = 0.0;
    double magnitude = 0.0;
    for (size_t n = 0; n < part.size(); ++n) {
      expected += static_cast<double>(part[n]) * whole[i + n];
      magnitude += std::abs(static_cast<double>(part[n]) * whole[i + n]);
    }
    EXPECT_NEAR(products[i], expected, 1e-5 * magnitude) << i;
  }
}

INSTANTIATE_TEST_SUITE_P(Counts, SlidingProductsOf, testing::Values(1, 39, 40, 41, 80, 801));

}  // namespace
}  // namespace talkpath
