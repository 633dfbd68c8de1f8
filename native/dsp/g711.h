// G.711 companding: one byte a sample, µ-law or A-law.
//
// Thread: any. Nothing here allocates, locks, logs or throws.
// After: ITU-T G.711 (11/88), tables 1a to 2b.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

namespace talkpath::g711 {

constexpr int16_t DecodeMulaw(uint8_t code) noexcept {
  constexpr int kBias = 0x84;
  const int inverted = ~code & 0xFF;
  const int magnitude = (((inverted & 0x0F) << 3) + kBias) << ((inverted >> 4) & 0x07);
  return static_cast<int16_t>((inverted & 0x80) ? kBias - magnitude : magnitude - kBias);
}

constexpr uint8_t EncodeMulaw(int16_t sample) noexcept {
  constexpr int kBias = 0x84;
  constexpr int kClip = 32635;
  int magnitude = sample < 0 ? -static_cast<int>(sample) : sample;
  magnitude = (magnitude > kClip ? kClip : magnitude) + kBias;
  const int exponent = std::bit_width(static_cast<unsigned>(magnitude)) - 8;
  const int mantissa = (magnitude >> (exponent + 3)) & 0x0F;
  return static_cast<uint8_t>(~((sample < 0 ? 0x80 : 0) | (exponent << 4) | mantissa));
}

constexpr int16_t DecodeAlaw(uint8_t code) noexcept {
  const int bits = code ^ 0x55;
  const int exponent = (bits >> 4) & 0x07;
  int magnitude = ((bits & 0x0F) << 4) + 8;
  if (exponent > 0) magnitude = (magnitude + 0x100) << (exponent - 1);
  return static_cast<int16_t>((bits & 0x80) ? magnitude : -magnitude);
}

constexpr uint8_t EncodeAlaw(int16_t sample) noexcept {
  const int magnitude = sample < 0 ? ~static_cast<int>(sample) : sample;
  const int exponent = magnitude < 256 ? 0 : std::bit_width(static_cast<unsigned>(magnitude)) - 8;
  const int mantissa = (magnitude >> (exponent == 0 ? 4 : exponent + 3)) & 0x0F;
  return static_cast<uint8_t>(((sample < 0 ? 0 : 0x80) | (exponent << 4) | mantissa) ^ 0x55);
}

static_assert(DecodeMulaw(0xFF) == 0 && DecodeMulaw(0x00) == -32124 && DecodeMulaw(0x80) == 32124);
static_assert(DecodeAlaw(0xD5) == 8 && DecodeAlaw(0xAA) == 32256 && DecodeAlaw(0x2A) == -32256);

}  // namespace talkpath::g711
