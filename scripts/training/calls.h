// What the two programs of this folder share: files of numbers, and the uplink's stages before the detector.
#pragma once

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "dsp/high_pass_filter.h"
#include "dsp/noise_suppressor.h"
#include "dsp/resampler.h"

namespace talkpath::training {

template <typename T>
std::vector<T> Read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error(path + " cannot be read");
  const std::vector<char> bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  std::vector<T> values(bytes.size() / sizeof(T));
  std::copy_n(bytes.data(), values.size() * sizeof(T), reinterpret_cast<char*>(values.data()));
  return values;
}

// High-pass and noise suppression at 16 kHz, for a line of 8 kHz; the telephony profile's is kLow.
class TelephonyStages {
 public:
  explicit TelephonyStages(NoiseSuppression level) : suppressor_(std::move(*NoiseSuppressor::Create(16000, level))) {
    up_.SetKernel(*ResamplerKernel::Get(8000, 16000));
  }

  // 10 ms at 8 kHz in, 10 ms at 16 kHz out.
  std::array<float, 160> Process(std::span<const float> block) {
    std::array<float, 160> wide{};
    (void)up_.Process(block, wide);
    high_pass_.Process(wide);
    suppressor_->Process(wide);
    return wide;
  }

 private:
  Resampler up_;
  HighPassFilter high_pass_{16000, 80.0f};
  std::unique_ptr<NoiseSuppressor> suppressor_;
};

}  // namespace talkpath::training
