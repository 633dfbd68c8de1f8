#include "support/tone_fit.h"

#include <array>
#include <cmath>
#include <numbers>
#include <utility>

#include "base/pcm.h"

namespace talkpath::test {
namespace {

constexpr size_t kUnknowns = 3;  // sine, cosine, constant
using Row = std::array<double, kUnknowns>;

// Solves the normal equations by elimination; they are diagonally dominant.
Row Solve(std::array<Row, kUnknowns> matrix, Row right) {
  for (size_t pivot = 0; pivot < kUnknowns; ++pivot) {
    for (size_t row = pivot + 1; row < kUnknowns; ++row) {
      const double factor = matrix[row][pivot] / matrix[pivot][pivot];
      for (size_t column = pivot; column < kUnknowns; ++column) matrix[row][column] -= factor * matrix[pivot][column];
      right[row] -= factor * right[pivot];
    }
  }
  for (size_t row = kUnknowns; row-- > 0;) {
    for (size_t column = row + 1; column < kUnknowns; ++column) right[row] -= matrix[row][column] * right[column];
    right[row] /= matrix[row][row];
  }
  return right;
}

Row Basis(double step, size_t n) {
  const double angle = step * static_cast<double>(n);
  return {std::sin(angle), std::cos(angle), 1.0};
}

}  // namespace

double Db(double a, double b) { return 20.0 * std::log10(a / b + 1e-20); }

double ToneFit::ThdPlusNoiseDb() const { return Db(residual_rms, amplitude / std::numbers::sqrt2); }
double ToneFit::PeakDbfs() const { return Db(amplitude, kFullScale); }

ToneFit FitTone(std::span<const float> samples, double hz, int rate_hz) {
  const double step = 2.0 * std::numbers::pi * hz / rate_hz;
  std::array<Row, kUnknowns> matrix{};
  Row right{};
  for (size_t n = 0; n < samples.size(); ++n) {
    const Row basis = Basis(step, n);
    for (size_t i = 0; i < kUnknowns; ++i) {
      right[i] += basis[i] * samples[n];
      for (size_t j = 0; j < kUnknowns; ++j) matrix[i][j] += basis[i] * basis[j];
    }
  }
  const Row fit = Solve(matrix, right);
  double residual = 0.0;
  for (size_t n = 0; n < samples.size(); ++n) {
    const Row basis = Basis(step, n);
    const double rest = samples[n] - fit[0] * basis[0] - fit[1] * basis[1] - fit[2];
    residual += rest * rest;
  }
  return {.amplitude = std::hypot(fit[0], fit[1]),
          .phase = std::atan2(fit[1], fit[0]),
          .dc = fit[2],
          .residual_rms = std::sqrt(residual / static_cast<double>(samples.size()))};
}

}  // namespace talkpath::test
