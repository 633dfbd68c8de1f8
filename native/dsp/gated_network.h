// A small learned network: one dense layer, one gated recurrent unit, one output.
//
// In: kInputs numbers a block. Out: a probability. The weights, 8 bits each with a scale a row, are written by
// scripts/training. After: Cho et al. 2014, in PyTorch's form (the reset gate applied after the product).
// Thread: Weights any but tick. Process() tick: does not allocate, lock, log or throw.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/realtime.h"

namespace talkpath {

// As a header of weights holds them: rows of hexadecimal bytes, an output each.
struct PackedMatrix {
  std::string_view rows;
  std::span<const float> scales;
  std::span<const float> bias;
};

struct PackedNetwork {
  PackedMatrix dense;
  PackedMatrix input;
  PackedMatrix recurrent;
  std::span<const float> output;
  float output_bias;
};

// Adds to the sums each of x times its column. `columns`: one after the other, each as long as the sums.
void AddColumns(std::span<const float> columns, std::span<const float> x, std::span<float> sums) noexcept TALKPATH_NONBLOCKING;

template <size_t kInputs, size_t kHidden, size_t kState>
class GatedNetwork {
  static constexpr size_t kGates = 3;  // reset, update, new

  // Columns, an input each, so that the outputs are summed side by side.
  template <size_t kIn, size_t kOut>
  struct Matrix {
    std::array<float, kIn * kOut> columns;
    std::array<float, kOut> bias;

    explicit Matrix(const PackedMatrix& packed) {
      std::copy_n(packed.bias.begin(), kOut, bias.begin());
      for (size_t i = 0; i < kOut; ++i) {
        for (size_t j = 0; j < kIn; ++j) columns[j * kOut + i] = packed.scales[i] * static_cast<float>(Byte(packed.rows, i * kIn + j));
      }
    }
    std::array<float, kOut> Times(std::span<const float, kIn> x) const noexcept TALKPATH_NONBLOCKING {
      std::array<float, kOut> sums = bias;
      AddColumns(columns, x, sums);
      return sums;
    }
  };

  static constexpr bool Fits(const PackedMatrix& packed, size_t in, size_t out) {
    return packed.rows.size() == 2 * in * out && packed.scales.size() == out && packed.bias.size() == out;
  }

 public:
  // The packed weights are of a network of this size: read them only then.
  static constexpr bool Fits(const PackedNetwork& packed) {
    return Fits(packed.dense, kInputs, kHidden) && Fits(packed.input, kHidden, kGates * kState) && Fits(packed.recurrent, kState, kGates * kState) &&
           packed.output.size() == kState;
  }

  struct Weights {
    Matrix<kInputs, kHidden> dense;
    Matrix<kHidden, kGates * kState> input;
    Matrix<kState, kGates * kState> recurrent;
    std::array<float, kState> output;
    float output_bias;

    explicit Weights(const PackedNetwork& packed)
        : dense(packed.dense), input(packed.input), recurrent(packed.recurrent), output_bias(packed.output_bias) {
      std::copy_n(packed.output.begin(), kState, output.begin());
    }
  };

  // `weights` outlives the network.
  explicit GatedNetwork(const Weights& weights) : weights_(weights) {}

  float Process(std::span<const float, kInputs> inputs) noexcept TALKPATH_NONBLOCKING {
    auto hidden = weights_.dense.Times(inputs);
    for (float& value : hidden) value = std::max(0.0f, value);
    const auto from_input = weights_.input.Times(hidden);
    const auto from_state = weights_.recurrent.Times(state_);
    float sum = weights_.output_bias;
    for (size_t i = 0; i < kState; ++i) {
      const float reset = Sigmoid(from_input[i] + from_state[i]);
      const float update = Sigmoid(from_input[kState + i] + from_state[kState + i]);
      const float fresh = std::tanh(from_input[2 * kState + i] + reset * from_state[2 * kState + i]);
      state_[i] = fresh + update * (state_[i] - fresh);
      sum += weights_.output[i] * state_[i];
    }
    return Sigmoid(sum);
  }

 private:
  static float Sigmoid(float x) noexcept TALKPATH_NONBLOCKING { return 1.0f / (1.0f + std::exp(-x)); }
  static int8_t Byte(std::string_view hex, size_t index) {
    const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
    return static_cast<int8_t>(static_cast<uint8_t>(16 * digit(hex[2 * index]) + digit(hex[2 * index + 1])));
  }

  const Weights& weights_;
  std::array<float, kState> state_{};
};

}  // namespace talkpath
