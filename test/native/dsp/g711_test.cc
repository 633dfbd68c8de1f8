// G.711 against the standard's own description: intervals, output values, and the digital milliwatt.
#include "dsp/g711.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdlib>
#include <vector>

namespace talkpath::g711 {
namespace {

// One law as tables 1 and 2 of the standard give it: eight segments of sixteen intervals, each twice as wide
// as in the segment before. Values are of 16 bits.
struct Law {
  const char* name;
  uint8_t (*encode)(int16_t);
  int16_t (*decode)(uint8_t);
  uint8_t inverted_bits;  // of the code word on the wire
  bool positive_sign_bit; // whether the wire's sign bit, put right, is 1 for positive values
  std::vector<int> outputs;  // of the 128 positive codes, from the smallest
};

// µ-law, 14 bits: 16 intervals of 2 (the first of 1, around zero), then 4, 8, … up to 256.
std::vector<int> MulawOutputs() {
  std::vector<int> outputs;
  int edge = 0;
  for (int segment = 0; segment < 8; ++segment) {
    const int width = 2 << segment;
    for (int interval = 0; interval < 16; ++interval) {
      const bool first = segment == 0 && interval == 0;
      const int next = edge + (first ? 1 : width);
      outputs.push_back(first ? 0 : (edge + next) / 2 * 4);
      edge = next;
    }
  }
  return outputs;
}

// A-law, 13 bits: two segments of intervals of 2, then 4, 8, … up to 128.
std::vector<int> AlawOutputs() {
  std::vector<int> outputs;
  int edge = 0;
  for (int segment = 0; segment < 8; ++segment) {
    const int width = segment == 0 ? 2 : 2 << (segment - 1);
    for (int interval = 0; interval < 16; ++interval) {
      outputs.push_back((edge + edge + width) / 2 * 8);
      edge += width;
    }
  }
  return outputs;
}

class G711 : public testing::TestWithParam<const Law*> {};

const Law kMulaw = {"Mulaw", EncodeMulaw, DecodeMulaw, 0xFF, false, MulawOutputs()};
const Law kAlaw = {"Alaw", EncodeAlaw, DecodeAlaw, 0x55, true, AlawOutputs()};

INSTANTIATE_TEST_SUITE_P(, G711, testing::Values(&kMulaw, &kAlaw), [](const auto& law) { return law.param->name; });

TEST_P(G711, DecodesEveryCodeToTheValueOfTheStandardsTable) {
  const Law& law = *GetParam();
  for (int code = 0; code < 256; ++code) {
    const int bits = code ^ law.inverted_bits;
    const bool positive = ((bits & 0x80) != 0) == law.positive_sign_bit;
    const int expected = law.outputs[static_cast<size_t>(bits & 0x7F)];
    EXPECT_EQ(law.decode(static_cast<uint8_t>(code)), positive ? expected : -expected) << code;
  }
}

TEST_P(G711, EncodesEveryDecodedValueToItsCodeAgain) {
  const Law& law = *GetParam();
  for (int code = 0; code < 256; ++code) {
    const int16_t value = law.decode(static_cast<uint8_t>(code));
    if (value == 0) continue;  // µ-law has two zeros
    EXPECT_EQ(law.encode(value), code) << value;
  }
}

TEST_P(G711, StaysWithinHalfAnIntervalOfTheSample) {
  const Law& law = *GetParam();
  for (int sample = -32768; sample <= 32767; ++sample) {
    const int heard = law.decode(law.encode(static_cast<int16_t>(sample)));
    const int magnitude = std::abs(sample);
    if (magnitude > 32635) continue;  // beyond the overload point
    // Intervals grow with the value, from 16 (A-law's finest) on to 1/16 of it.
    ASSERT_LE(std::abs(heard - sample), std::max(8, (magnitude + 132) / 32 + 4)) << sample;
  }
}

TEST_P(G711, NeverDecreasesAsTheSampleRises) {
  const Law& law = *GetParam();
  int last = -40000;
  for (int sample = -32768; sample <= 32767; ++sample) {
    const int heard = law.decode(law.encode(static_cast<int16_t>(sample)));
    ASSERT_GE(heard, last) << sample;
    last = heard;
  }
}

TEST_P(G711, ClipsBeyondTheOverloadPoint) {
  const Law& law = *GetParam();
  EXPECT_EQ(law.decode(law.encode(32767)), law.outputs.back());
  EXPECT_EQ(law.decode(law.encode(-32768)), -law.outputs.back());
}

// Table 5 and 6 of the standard: eight codes that are a 1 kHz tone of 0 dBm0, 3.17 (3.14) dB below overload.
void ExpectDigitalMilliwatt(const std::array<uint8_t, 8>& codes, int16_t (*decode)(uint8_t), double overload, double db_below) {
  double power = 0.0;
  double first_harmonic = 0.0;
  for (size_t i = 0; i < codes.size(); ++i) {
    const double sample = decode(codes[i]);
    power += sample * sample / 8.0;
    first_harmonic += sample * std::sin(M_PI / 4.0 * (static_cast<double>(i) + 0.5)) / 4.0;
  }
  EXPECT_NEAR(20.0 * std::log10(std::sqrt(2.0 * power) / overload), -db_below, 0.02);
  EXPECT_NEAR(std::abs(first_harmonic), std::sqrt(2.0 * power), 0.01 * std::sqrt(2.0 * power)) << "a sine";
}

TEST(G711Milliwatt, IsASineOfTheLevelThatTheStandardGivesInMulaw) {
  ExpectDigitalMilliwatt({0x1E, 0x0B, 0x0B, 0x1E, 0x9E, 0x8B, 0x8B, 0x9E}, DecodeMulaw, 8159 * 4, 3.17);
}

TEST(G711Milliwatt, IsASineOfTheLevelThatTheStandardGivesInAlaw) {
  ExpectDigitalMilliwatt({0x34, 0x21, 0x21, 0x34, 0xB4, 0xA1, 0xA1, 0xB4}, DecodeAlaw, 4096 * 8, 3.14);
}

TEST(G711Silence, IsEncodedAsTheSmallestPositiveValue) {
  EXPECT_EQ(EncodeMulaw(0), 0xFF);
  EXPECT_EQ(EncodeAlaw(0), 0xD5);
}

}  // namespace
}  // namespace talkpath::g711
