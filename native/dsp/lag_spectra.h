// How much of one stream another explains, for each of many lags: cross-spectra with a memory that fades.
//
// Thread: tick. Nothing but the constructors allocates, locks, logs or throws.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "base/realtime.h"
#include "dsp/hop_spectrum.h"

namespace talkpath {

// The far end's last spectra, newest first by lag.
class FarSpectra {
 public:
  explicit FarSpectra(size_t lags) : spectra_(lags) {}

  void Push(const BinSpectrum& spectrum) noexcept TALKPATH_NONBLOCKING {
    newest_ = newest_ == 0 ? spectra_.size() - 1 : newest_ - 1;
    spectra_[newest_] = spectrum;
  }
  const BinSpectrum& At(size_t lag) const noexcept TALKPATH_NONBLOCKING { return spectra_[(newest_ + lag) % spectra_.size()]; }
  size_t lags() const noexcept { return spectra_.size(); }

 private:
  std::vector<BinSpectrum> spectra_;
  size_t newest_ = 0;
};

class LagSpectra {
 public:
  // `memory_hops`: after this many hops what was heard weighs 1/e.
  LagSpectra(size_t lags, float memory_hops);

  // Takes the near end's hop; the newest of `far` is of the same time.
  void Add(const FarSpectra& far, const BinSpectrum& near) noexcept TALKPATH_NONBLOCKING;
  // Instead of Add(), in a tenth of the time: counts the hop as explained by nothing. What is asked is of the last that was added.
  void Skip(const FarSpectra& far, const BinSpectrum& near) noexcept TALKPATH_NONBLOCKING;

  // The last hop sounded, and not so much more softly than those before that all that is known is of them.
  bool heard_something_new() const noexcept { return heard_something_new_; }
  // Which lag explains most, all bins weighing the same whatever their power; how much of them it explains. And the share
  // of the near end's power that the best of all lags explains.
  struct Match {
    size_t lag = 0;
    float coherence = 0.0f;
    float explained = 0.0f;
  };
  Match FindMatch() const noexcept TALKPATH_NONBLOCKING;
  // In how many bins the near end sounds: within 20 dB of its loudest.
  size_t SoundingBins() const noexcept TALKPATH_NONBLOCKING;
  // Where in the lag's hop the strongest echo is, in samples, from -kHopSamples to kHopSamples; how strong, 0 to 1.
  struct Peak {
    int samples = 0;
    float height = 0.0f;
  };
  Peak FindPeak(size_t lag) const noexcept TALKPATH_NONBLOCKING;

 private:
  using Bins = std::array<float, kSpectrumBins>;
  void AddPowers(const FarSpectra& far, const BinSpectrum& near) noexcept TALKPATH_NONBLOCKING;
  size_t FarIndex(size_t lag) const noexcept TALKPATH_NONBLOCKING { return (newest_ + lag) % far_power_.size(); }

  const float keep_;
  float keep_since_added_;  // keep_ to the power of the hops since the last that was added
  std::vector<BinSpectrum> cross_;
  std::vector<Bins> far_power_;   // newest first, from newest_
  std::vector<Bins> far_weight_;  // its reciprocal
  size_t newest_ = 0;
  Bins near_power_{};
  bool heard_something_new_ = false;
};

}  // namespace talkpath
