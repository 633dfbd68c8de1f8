// The bytes of a fuzzer, read as numbers, choices and sound. Past their end everything is 0.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>

#include "support/random.h"

namespace talkpath::fuzz {

// What a target requires; the program ends where it does not hold, under a fuzzer and in a replay alike.
inline void Require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "\nfuzz: %s\n", what);
  std::abort();
}

class FuzzInput {
 public:
  explicit FuzzInput(std::span<const uint8_t> bytes) : bytes_(bytes) {}

  bool AtEnd() const { return bytes_.empty(); }

  uint8_t Byte() {
    if (bytes_.empty()) return 0;
    const uint8_t byte = bytes_.front();
    bytes_ = bytes_.subspan(1);
    return byte;
  }
  // Between `least` and `most`, both included, from one byte or two.
  int Between(int least, int most) {
    const unsigned range = static_cast<unsigned>(most - least) + 1;
    const unsigned value = range <= 256 ? Byte() : static_cast<unsigned>(Byte()) << 8 | Byte();
    return least + static_cast<int>(value % range);
  }
  // Up to `most`, and often only a few.
  int Size(int most) { return Chance() ? Between(0, std::min(most, 20)) : Between(0, most); }
  bool Chance() { return (Byte() & 1) != 0; }
  template <typename Values>
  auto OneOf(const Values& values) {
    return values[static_cast<size_t>(Between(0, static_cast<int>(values.size()) - 1))];
  }

  // Sound of one of the kinds that break things: silence, direct current, full-scale edges, noise, a tone, raw bytes.
  void Fill(std::span<int16_t> samples) {
    const int kind = Between(0, 5);
    const int16_t level = static_cast<int16_t>(Byte() << 8 | Byte());
    test::Random random(static_cast<uint64_t>(static_cast<uint16_t>(level)));
    for (size_t i = 0; i < samples.size(); ++i) {
      switch (kind) {
        case 0: samples[i] = 0; break;
        case 1: samples[i] = level; break;
        case 2: samples[i] = i % 2 == 0 ? INT16_MAX : INT16_MIN; break;
        case 3: samples[i] = static_cast<int16_t>(random.Next() % (static_cast<uint64_t>(std::abs(level)) + 1)); break;
        case 4: samples[i] = static_cast<int16_t>(level * static_cast<int>(i % 40) / 40); break;
        default: samples[i] = static_cast<int16_t>(Byte() << 8 | Byte());
      }
    }
  }

 private:
  std::span<const uint8_t> bytes_;
};

}  // namespace talkpath::fuzz
