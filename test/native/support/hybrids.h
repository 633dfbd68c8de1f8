// The echo paths of ITU-T G.168: what eight kinds of two-wire line and hybrid send back.
#pragma once

#include <span>
#include <vector>

namespace talkpath::test {

inline constexpr int kHybrids = 8;  // models D.2 to D.9

// Impulse response at 8 kHz, 8 to 16 ms long, of unit energy. `hybrid` 0 is D.2.
std::vector<float> HybridResponse(int hybrid);

}  // namespace talkpath::test
