// What lines a signal has, down to -170 dB: its spectrum through a window of seven terms.
//
// After: Albrecht, "A family of cosine-sum windows for high-resolution measurements" (seven terms, side lobes
// at -180 dB).
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace talkpath::test {

class Spectrum {
 public:
  // Of the last 4096 samples of `samples`, float on the int16 scale.
  static constexpr size_t kPoints = 4096;
  Spectrum(std::span<const float> samples, int rate_hz);

  // A tone's peak between these frequencies, relative to full scale: the highest line there; -400 when there is none.
  double LoudestDbfs(double from_hz, double to_hz) const;
  // The same anywhere but next to the tone at `but_hz`, and to DC.
  double LoudestDbfsBut(double but_hz) const;
  // All that is neither the tone at `tone_hz` nor DC, against that tone, and against a full-scale sine.
  double ThdPlusNoiseDb(double tone_hz) const;
  double ThdPlusNoiseDbfs(double tone_hz) const;

  // A tone takes this much room to either side.
  double LineWidthHz() const;

 private:
  double PowerBut(double tone_hz) const;
  double PowerOf(double tone_hz) const;
  bool BelongsTo(size_t bin, double tone_hz) const;

  std::vector<double> power_;  // a bin; a full-scale sine sums to 1
  double rate_hz_;
};

}  // namespace talkpath::test
