// The discrete Fourier transform in double precision, for designing filters and for measuring.
//
// Thread: any but tick.
// After: Cooley and Tukey; radix 2, in place.
#pragma once

#include <complex>
#include <cstddef>
#include <span>
#include <vector>

namespace talkpath {

class Fourier {
 public:
  // For `points` values at a time, a power of two.
  explicit Fourier(size_t points);

  // X[k] = sum of x[n] e^(-2πi kn/points).
  void Transform(std::span<std::complex<double>> x) const;
  // Undoes Transform().
  void Invert(std::span<std::complex<double>> x) const;

 private:
  std::vector<std::complex<double>> turns_;  // of the pass that joins halves of h values: from h on
};

}  // namespace talkpath
