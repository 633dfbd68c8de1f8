#include "dsp/gated_network.h"

#include "base/wide.h"

namespace talkpath {
namespace {

// From `at` on, so many sums side by side as stay in registers, as long as there are so many. Returns where the rest begins.
template <size_t kSideBySide>
[[gnu::always_inline]] inline size_t AddFrom(size_t at, std::span<const float> columns, std::span<const float> x, std::span<float> sums) noexcept
    TALKPATH_NONBLOCKING {
  for (; at + kSideBySide <= sums.size(); at += kSideBySide) {
    std::array<float, kSideBySide> part;
    for (size_t i = 0; i < kSideBySide; ++i) part[i] = sums[at + i];
    for (size_t j = 0; j < x.size(); ++j) {
      for (size_t i = 0; i < kSideBySide; ++i) part[i] += columns[j * sums.size() + at + i] * x[j];
    }
    for (size_t i = 0; i < kSideBySide; ++i) sums[at + i] = part[i];
  }
  return at;
}

}  // namespace

TALKPATH_WIDE void AddColumns(std::span<const float> columns, std::span<const float> x, std::span<float> sums) noexcept TALKPATH_NONBLOCKING {
  size_t at = AddFrom<64>(0, columns, x, sums);
  at = AddFrom<16>(at, columns, x, sums);
  (void)AddFrom<1>(at, columns, x, sums);
}

}  // namespace talkpath
