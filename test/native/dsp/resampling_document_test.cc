// The delays in docs/engine/resampling.md against what the resampler states.
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <regex>
#include <string>

#include "dsp/resampler_kernel.h"
#include "dsp/resampler_low_pass.h"

namespace talkpath {
namespace {

TEST(ResamplingDocument, GivesTheDelaysThatTheResamplerStates) {
  std::ifstream document(TALKPATH_PROJECT_DIR "/docs/engine/resampling.md");
  const std::regex row(R"(\| ([0-9.]+) kHz \| ([0-9.]+) ms \| ([0-9.]+) ms \(([0-9.]+) kHz\) \|)");
  int rows = 0;
  for (std::string line; std::getline(document, line);) {
    std::smatch cells;
    if (!std::regex_match(line, cells, row)) continue;
    ++rows;
    const int rate_hz = static_cast<int>(std::lround(1000.0 * std::stod(cells[1])));
    const auto kernel = ResamplerKernel::Get(rate_hz, 48000);
    ASSERT_TRUE(kernel) << line;
    EXPECT_NEAR(std::stod(cells[2]), 1000.0 * (*kernel)->delay_seconds(), 0.006) << line;
    EXPECT_NEAR(std::stod(cells[3]), 1000.0 * (*kernel)->longest_delay_seconds(), 0.006) << line;
    EXPECT_NEAR(std::stod(cells[4]), ResamplerLowPass::kPassbandOfNyquist * rate_hz / 2000.0, 0.06) << line;
  }
  EXPECT_EQ(rows, 5);
}

}  // namespace
}  // namespace talkpath
