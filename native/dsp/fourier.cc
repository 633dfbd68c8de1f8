#include "dsp/fourier.h"

#include <bit>
#include <cassert>
#include <numbers>
#include <utility>

namespace talkpath {
namespace {

using Complex = std::complex<double>;

// A plain product: that of std::complex looks for infinities.
Complex Times(Complex a, Complex b) {
  return {a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real()};
}

void SortByReversedBits(std::span<Complex> x) {
  for (size_t i = 1, reversed = 0; i < x.size(); ++i) {
    size_t bit = x.size() / 2;
    for (; reversed & bit; bit /= 2) reversed ^= bit;
    reversed ^= bit;
    if (i < reversed) std::swap(x[i], x[reversed]);
  }
}

}  // namespace

Fourier::Fourier(size_t points) : turns_(points) {
  assert(std::has_single_bit(points));
  for (size_t k = 0; k < points / 2; ++k) {
    turns_[points / 2 + k] = std::polar(1.0, -2.0 * std::numbers::pi * static_cast<double>(k) / static_cast<double>(points));
  }
  for (size_t i = points / 2; i-- > 1;) turns_[i] = turns_[2 * i];
}

void Fourier::Transform(std::span<Complex> x) const {
  assert(x.size() == turns_.size());
  SortByReversedBits(x);
  for (size_t half = 1; half < x.size(); half *= 2) {
    const Complex* turns = turns_.data() + half;
    for (size_t from = 0; from < x.size(); from += 2 * half) {
      Complex* even = x.data() + from;
      Complex* odd = even + half;
      for (size_t k = 0; k < half; ++k) {
        const Complex turned = Times(turns[k], odd[k]);
        odd[k] = even[k] - turned;
        even[k] += turned;
      }
    }
  }
}

void Fourier::Invert(std::span<Complex> x) const {
  for (Complex& value : x) value = std::conj(value);
  Transform(x);
  for (Complex& value : x) value = std::conj(value) / static_cast<double>(x.size());
}

}  // namespace talkpath
