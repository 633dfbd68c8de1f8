// A stream in pieces of any size, through any pair of rates: bit by bit what the stream at once becomes.
#include <cmath>
#include <vector>

#include "base/audio_format.h"
#include "dsp/resampler.h"
#include "fuzz/fuzz_targets.h"

namespace talkpath::fuzz {
namespace {

constexpr int kMostPieceSamples = 7000;

}  // namespace

void FuzzResampler(FuzzInput& input) {
  Resampler pieces;
  for (int stream = 0; stream < 2; ++stream) {  // the second finds nothing left of the first
    const auto kernel = ResamplerKernel::Get(input.OneOf(kStreamRatesHz), input.OneOf(kStreamRatesHz));
    Require(kernel.has_value(), "there is a filter for each pair of rates");
    pieces.SetKernel(*kernel);
    std::vector<float> in;
    std::vector<float> out;
    for (int count = input.Between(0, 12); count > 0; --count) {
      std::vector<int16_t> piece(static_cast<size_t>(input.Size(kMostPieceSamples)));
      input.Fill(piece);
      const std::vector<float> samples(piece.begin(), piece.end());
      std::vector<float> made(pieces.MaxOutput(samples.size()));
      const size_t written = pieces.Process(samples, made);
      Require(written <= made.size(), "no more comes out than was foretold");
      in.insert(in.end(), samples.begin(), samples.end());
      out.insert(out.end(), made.begin(), made.begin() + static_cast<long>(written));
    }
    Resampler whole;
    whole.SetKernel(*kernel);
    std::vector<float> at_once(whole.MaxOutput(in.size()));
    at_once.resize(whole.Process(in, at_once));
    Require(out == at_once, "pieces become what the whole becomes");
    const double expected = static_cast<double>(in.size()) * (*kernel)->output_rate_hz() / (*kernel)->input_rate_hz();
    Require(std::abs(static_cast<double>(out.size()) - expected) <= 1.0, "nothing is withheld");
    // A filter of unit gain with sidelobes: the sum of its coefficients' magnitudes bounds what it makes of full scale.
    for (const float sample : out) Require(std::abs(sample) < 4.0f * 32768.0f, "the output stays in bounds and is a number");
  }
}

}  // namespace talkpath::fuzz
