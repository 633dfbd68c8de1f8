// What kind of build the tests run in: a sanitizer costs ten times the time, so long runs are cut short.
#pragma once

namespace talkpath::test {

#ifdef TALKPATH_SANITIZED
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

constexpr int Shortened(int full, int sanitized) { return kSanitized ? sanitized : full; }

}  // namespace talkpath::test
