// The levels of a stream at 8 kHz in 20 bands of equal width in mel, 90 to 3800 Hz.
//
// In: 10 ms on the int16 scale. The window is of 32 ms and leans on its end: its centre is 8 ms back.
// Thread: tick. Process() does not allocate, lock, log or throw.
#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "base/audio_format.h"
#include "base/realtime.h"
#include "dsp/real_fourier.h"

namespace talkpath {

inline constexpr size_t kLevelBands = 20;
using BandLevelsDbfs = std::array<float, kLevelBands>;

class BandLevels {
 public:
  static constexpr int kRateHz = 8000;
  static constexpr size_t kBlock = SamplesPerBlock(kRateHz);

  void Process(std::span<const float, kBlock> block, BandLevelsDbfs& levels) noexcept TALKPATH_NONBLOCKING;

 private:
  static constexpr size_t kWindow = 256;

  struct Tables {
    std::array<float, kWindow> window;
    std::array<std::array<float, 2>, kWindow / 2 + 1> weights;  // of a bin, in its band and in the next
    std::array<int, kWindow / 2 + 1> first_band;                // of a bin; its weight may be 0

    Tables();
  };
  static const Tables& Shared();

  const Tables& tables_ = Shared();
  RealFourier fourier_{kWindow};
  std::array<float, kWindow> history_{};
};

// -90 dBFS for silence. `power` is of full scale 1.
float LevelDbfs(float power) noexcept TALKPATH_NONBLOCKING;

}  // namespace talkpath
