// What every part of the engine agrees on about audio: mono int16, 10 ms blocks, 20 ms frames.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace talkpath {

inline constexpr int kBlockMs = 10;
inline constexpr int kFrameMs = 20;
inline constexpr int kBlocksPerFrame = kFrameMs / kBlockMs;

constexpr size_t SamplesPerBlock(int rate_hz) { return static_cast<size_t>(rate_hz) * kBlockMs / 1000; }
constexpr size_t SamplesPerFrame(int rate_hz) { return static_cast<size_t>(rate_hz) * kFrameMs / 1000; }
constexpr size_t SamplesIn(int ms, int rate_hz) { return static_cast<size_t>(rate_hz) * static_cast<size_t>(ms) / 1000; }

// Rates that a line may send (AudioSocket kinds 0x10 to 0x18) and that an agent may send or take.
inline constexpr std::array kStreamRatesHz = {8000, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 96000, 192000};
// Rates that a profile may choose for the frames on the wire.
inline constexpr std::array kLineRatesHz = {8000, 16000, 24000};

constexpr bool IsStreamRate(int rate_hz) {
  for (int rate : kStreamRatesHz) {
    if (rate == rate_hz) return true;
  }
  return false;
}

constexpr bool IsLineRate(int rate_hz) {
  for (int rate : kLineRatesHz) {
    if (rate == rate_hz) return true;
  }
  return false;
}

inline constexpr int kMaxProcessingRateHz = 48000;
inline constexpr size_t kMaxBlockSamples = SamplesPerBlock(kMaxProcessingRateHz);
inline constexpr size_t kMaxLineFrameSamples = SamplesPerFrame(24000);

static_assert(SamplesPerFrame(8000) == 160 && SamplesPerFrame(24000) == 480);
static_assert(SamplesPerFrame(22050) == 441, "22.05 kHz has whole frames but not whole blocks");

}  // namespace talkpath
