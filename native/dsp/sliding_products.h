// What a short stretch of samples has in common with each of the stretches of a longer one.
//
// Thread: any. Does not allocate, lock, log or throw.
#pragma once

#include <span>

#include "base/realtime.h"

namespace talkpath {

// products[i] = Σ part[n] · whole[i + n]. `whole` holds part.size() - 1 samples more than there are products.
void SlidingProducts(std::span<const float> part, std::span<const float> whole, std::span<float> products) noexcept TALKPATH_NONBLOCKING;

}  // namespace talkpath
