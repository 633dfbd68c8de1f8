#include "dsp/sliding_products.h"

#include <algorithm>
#include <array>

#include "base/wide.h"

namespace talkpath {
namespace {

// So many sums stay in registers while a part is gone through.
constexpr size_t kSideBySide = 40;

}  // namespace

TALKPATH_WIDE void SlidingProducts(std::span<const float> part, std::span<const float> whole, std::span<float> products) noexcept TALKPATH_NONBLOCKING {
  size_t at = 0;
  for (; at + kSideBySide <= products.size(); at += kSideBySide) {
    std::array<float, kSideBySide> sums{};
    for (size_t n = 0; n < part.size(); ++n) {
      for (size_t i = 0; i < kSideBySide; ++i) sums[i] += part[n] * whole[at + n + i];
    }
    std::copy(sums.begin(), sums.end(), products.begin() + static_cast<ptrdiff_t>(at));
  }
  for (; at < products.size(); ++at) {
    float sum = 0.0f;
    for (size_t n = 0; n < part.size(); ++n) sum += part[n] * whole[at + n];
    products[at] = sum;
  }
}

}  // namespace talkpath
