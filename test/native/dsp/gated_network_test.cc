#include "dsp/gated_network.h"

#include <gtest/gtest.h>

#include <cmath>

#include "support/signals.h"

namespace talkpath {
namespace {

// One input, one hidden value, one state: what it computes fits on a line.
constexpr std::array kOnes = {1.0f / 127.0f, 1.0f / 127.0f, 1.0f / 127.0f};
constexpr std::array kNothing = {0.0f, 0.0f, 0.0f};
constexpr std::array kOutput = {2.0f};
constexpr char kOne[] = "7f";
constexpr char kMinusOne[] = "81";
constexpr char kNewAlone[] = "00007f";  // of the three gates, only the new value hears the input
constexpr char kNone[] = "000000";

float Sigmoid(float x) { return 1.0f / (1.0f + std::exp(-x)); }

PackedNetwork Packed(const char* dense) {
  return {.dense = {dense, kOnes, kNothing}, .input = {kNewAlone, kOnes, kNothing}, .recurrent = {kNone, kOnes, kNothing}, .output = kOutput, .output_bias = 0.5f};
}

using Network = GatedNetwork<1, 1, 1>;

TEST(GatedNetwork, ComputesWhatItsWeightsSay) {
  const Network::Weights weights(Packed(kOne));
  Network network(weights);
  const float fresh = std::tanh(0.8f);
  const std::array input = {0.8f};
  // The update gate is half open: the state goes half of the way each time.
  EXPECT_NEAR(network.Process(input), Sigmoid(0.5f + 2.0f * 0.5f * fresh), 1e-5f);
  EXPECT_NEAR(network.Process(input), Sigmoid(0.5f + 2.0f * 0.75f * fresh), 1e-5f);
}

TEST(GatedNetwork, LetsNothingNegativeThroughItsDenseLayer) {
  const Network::Weights weights(Packed(kMinusOne));
  Network network(weights);
  EXPECT_NEAR(network.Process(std::array{0.8f}), Sigmoid(0.5f), 1e-5f);
}

TEST(GatedNetwork, KeepsAStateOfItsOwn) {
  const Network::Weights weights(Packed(kOne));
  Network one(weights);
  Network other(weights);
  (void)one.Process(std::array{1.0f});
  EXPECT_NE(one.Process(std::array{1.0f}), other.Process(std::array{1.0f}));
}

// Sums side by side, and those that are left over.
class AddColumnsTo : public testing::TestWithParam<size_t> {};

TEST_P(AddColumnsTo, SumsAddsEachOfXTimesItsColumn) {
  const size_t count = GetParam();
  test::Random random(3);
  const test::Samples x = test::Noise(-20.0, 5, random);
  const test::Samples columns = test::Noise(-20.0, x.size() * count, random);
  const test::Samples before = test::Noise(-20.0, count, random);
  test::Samples sums = before;
  AddColumns(columns, x, sums);
  for (size_t i = 0; i < count; ++i) {
    double expected = before[i];
    double magnitude = std::abs(expected);
    for (size_t j = 0; j < x.size(); ++j) {
      const double product = static_cast<double>(columns[j * count + i]) * x[j];
      expected += product;
      magnitude += std::abs(product);
    }
    EXPECT_NEAR(sums[i], expected, 1e-5 * magnitude) << i;
  }
}

INSTANTIATE_TEST_SUITE_P(Counts, AddColumnsTo, testing::Values(1, 15, 16, 48, 64, 65, 192));

}  // namespace
}  // namespace talkpath
