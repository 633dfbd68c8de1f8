#include "dsp/voice_network.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string_view>

#include "dsp/voice_network_weights.h"

namespace talkpath {
namespace {

constexpr size_t kGates = 3;  // reset, update, new

float Sigmoid(float x) noexcept TALKPATH_NONBLOCKING { return 1.0f / (1.0f + std::exp(-x)); }

// sums[i] += columns[j][i] * x[j]: outputs side by side, so that the compiler may add several at a time.
template <size_t kIn, size_t kOut>
void AddProduct(const std::array<std::array<float, kOut>, kIn>& columns, std::span<const float> x, std::array<float, kOut>& sums) noexcept
    TALKPATH_NONBLOCKING {
  for (size_t j = 0; j < kIn; ++j) {
    for (size_t i = 0; i < kOut; ++i) sums[i] += columns[j][i] * x[j];
  }
}

int8_t FromHex(char high, char low) {
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  return static_cast<int8_t>(static_cast<uint8_t>(16 * digit(high) + digit(low)));
}

// Rows of hexadecimal bytes, an output each, become columns of floats, an input each.
template <size_t kIn, size_t kOut>
void Unpack(std::string_view hex, std::span<const float, kOut> scales, std::array<std::array<float, kOut>, kIn>& columns) {
  for (size_t i = 0; i < kOut; ++i) {
    for (size_t j = 0; j < kIn; ++j) {
      const size_t at = 2 * (i * kIn + j);
      columns[j][i] = scales[i] * FromHex(hex[at], hex[at + 1]);
    }
  }
}

}  // namespace

struct VoiceNetwork::Weights {
  std::array<std::array<float, kHidden>, kInputs> dense;
  std::array<std::array<float, kGates * kState>, kHidden> input;
  std::array<std::array<float, kGates * kState>, kState> recurrent;

  Weights() {
    static_assert(sizeof(voice_weights::kDense) == 2 * kInputs * kHidden + 1);
    static_assert(sizeof(voice_weights::kInput) == 2 * kHidden * kGates * kState + 1);
    static_assert(sizeof(voice_weights::kRecurrent) == 2 * kState * kGates * kState + 1);
    Unpack(voice_weights::kDense, std::span(voice_weights::kDenseScales), dense);
    Unpack(voice_weights::kInput, std::span(voice_weights::kInputScales), input);
    Unpack(voice_weights::kRecurrent, std::span(voice_weights::kRecurrentScales), recurrent);
  }
};

const VoiceNetwork::Weights& VoiceNetwork::Shared() {
  static const Weights weights;
  return weights;
}

VoiceNetwork::VoiceNetwork() : weights_(Shared()) {}

float VoiceNetwork::Process(std::span<const float, kInputs> features) noexcept TALKPATH_NONBLOCKING {
  std::array<float, kHidden> hidden = voice_weights::kDenseBias;
  AddProduct(weights_.dense, features, hidden);
  for (float& value : hidden) value = std::max(0.0f, value);

  std::array<float, kGates * kState> from_input = voice_weights::kInputBias;
  AddProduct(weights_.input, hidden, from_input);
  std::array<float, kGates * kState> from_state = voice_weights::kRecurrentBias;
  AddProduct(weights_.recurrent, state_, from_state);

  float sum = voice_weights::kOutputBias;
  for (size_t i = 0; i < kState; ++i) {
    const float reset = Sigmoid(from_input[i] + from_state[i]);
    const float update = Sigmoid(from_input[kState + i] + from_state[kState + i]);
    const float fresh = std::tanh(from_input[2 * kState + i] + reset * from_state[2 * kState + i]);
    state_[i] = fresh + update * (state_[i] - fresh);
    sum += voice_weights::kOutput[i] * state_[i];
  }
  return Sigmoid(sum);
}

}  // namespace talkpath
