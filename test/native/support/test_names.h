// Names for tests that run once for each of some numbers (rates, seeds): the number itself.
#pragma once

#include <string>

namespace talkpath::test {

inline constexpr auto kByNumber = [](const auto& info) { return std::to_string(info.param); };

}  // namespace talkpath::test
