// What the voice detector looks at in each block: a spectrum in 20 bands, how far each stands above the noise
// of late, how periodic the block is and how it differs from the one before.
//
// In: 10 ms at 8 kHz on the int16 scale. Out: kCount numbers, most of them within ±2. The window is of 32 ms and
// leans on its end: its centre is 8 ms back.
// Thread: tick. Process() does not allocate, lock, log or throw.
#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "base/realtime.h"
#include "dsp/band_levels.h"

namespace talkpath {

class VoiceFeatures {
 public:
  static constexpr int kRateHz = BandLevels::kRateHz;
  static constexpr size_t kBands = kLevelBands;
  static constexpr size_t kCount = 2 * kBands + 7;
  static constexpr size_t kBlock = BandLevels::kBlock;
  // A level becomes a feature by its distance from kMiddleDb, that of a band of speech, times kDbScale.
  static constexpr float kMiddleDb = -55.0f;
  static constexpr float kDbScale = 1.0f / 20.0f;

  void Process(std::span<const float, kBlock> block, std::span<float, kCount> features) noexcept TALKPATH_NONBLOCKING;

 private:
  // The pitch is sought at half the rate: 60 to 400 Hz in 25 ms and the longest lag before them.
  static constexpr size_t kShortestLag = 10;
  static constexpr size_t kLongestLag = 66;
  static constexpr size_t kPitchWindow = 100;
  static constexpr size_t kPitchHistory = kPitchWindow + kLongestLag;

  struct Pitch {
    float strength;  // normalised autocorrelation, 0 to 1
    float octaves;   // of the lag above the shortest
  };

  Pitch FindPitch() const noexcept TALKPATH_NONBLOCKING;

  BandLevels bands_;
  std::array<float, kPitchHistory> half_rate_{};
  std::array<float, kBands> floor_db_{};
  std::array<float, kBands> last_db_{};
  float level_floor_db_ = 0.0f;
  float last_octaves_ = 0.0f;
  bool begun_ = false;
};

}  // namespace talkpath
