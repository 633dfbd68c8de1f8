// Gaps of any length after speech of any kind: what stands in is a number, no louder than what was heard, and
// silence in the end.
#include <algorithm>
#include <cmath>
#include <vector>

#include "base/audio_format.h"
#include "fuzz/fuzz_targets.h"
#include "playout/concealer.h"

namespace talkpath::fuzz {
namespace {

constexpr float kRounding = 1.00001f;  // of the weights of a blend, which add up to 1 but for that
constexpr std::array kRatesHz = {8000, 12000, 16000, 22050, 24000, 32000, 44100, 48000};

}  // namespace

void FuzzConcealer(FuzzInput& input) {
  Concealer concealer;
  int rate_hz = 0;
  float loudest = 0.0f;
  size_t gap = 0;
  const auto take_rate = [&] {
    rate_hz = input.OneOf(kRatesHz);
    concealer.Reset(rate_hz);
    loudest = 0.0f;
    gap = 0;
  };
  take_rate();
  while (!input.AtEnd()) {
    const size_t count = static_cast<size_t>(input.Size(static_cast<int>(SamplesIn(60, 48000))));
    switch (input.Between(0, 7)) {
      case 0: take_rate(); break;
      case 1:
        concealer.EndOfSpeech();
        loudest = 0.0f;
        gap = 0;
        break;
      case 2:
      case 3: {
        std::vector<float> samples(count);
        concealer.Conceal(samples);
        for (const float sample : samples) {
          Require(std::abs(sample) <= kRounding * loudest, "what stands in for speech is no louder than it");
          if (gap++ >= SamplesIn(60, rate_hz)) Require(sample == 0.0f, "60 ms into a gap there is silence");
        }
        break;
      }
      default: {
        std::vector<int16_t> speech(count);
        input.Fill(speech);
        std::vector<float> samples(speech.begin(), speech.end());
        for (const float sample : samples) loudest = std::max(loudest, std::abs(sample));
        concealer.Accept(samples);
        for (const float sample : samples) Require(std::abs(sample) <= kRounding * loudest, "a seam is no louder than its two sides");
        if (count > 0) gap = 0;
      }
    }
  }
}

}  // namespace talkpath::fuzz
