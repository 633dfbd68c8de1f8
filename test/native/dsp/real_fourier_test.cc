#include "dsp/real_fourier.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <complex>
#include <vector>

#include "dsp/fourier.h"
#include "support/signals.h"

namespace talkpath {
namespace {

using namespace test;

TEST(RealFourier, SaysWhatTheTransformInDoublePrecisionSays) {
  for (size_t count : {32u, 256u, 512u}) {
    Random random(count);
    const Samples noise = Noise(-20.0, count, random);
    std::vector<std::complex<double>> exact(noise.begin(), noise.end());
    Fourier(count).Transform(exact);
    RealFourier fourier(count);
    std::ranges::copy(noise, fourier.samples().begin());
    fourier.Transform();
    const double most = 1e-6 * static_cast<double>(count) * 32768.0;
    EXPECT_NEAR(fourier.spectrum()[0], exact[0].real(), most);
    EXPECT_NEAR(fourier.spectrum()[1], exact[count / 2].real(), most);
    for (size_t bin = 1; bin < count / 2; ++bin) {
      EXPECT_NEAR(fourier.spectrum()[2 * bin], exact[bin].real(), most) << count << ", " << bin;
      EXPECT_NEAR(fourier.spectrum()[2 * bin + 1], exact[bin].imag(), most) << count << ", " << bin;
    }
    std::ranges::fill(fourier.samples(), 0.0f);
    fourier.Invert();
    for (size_t i = 0; i < count; ++i) EXPECT_NEAR(fourier.samples()[i] / static_cast<float>(count), noise[i], 0.05) << count;
  }
}

}  // namespace
}  // namespace talkpath
