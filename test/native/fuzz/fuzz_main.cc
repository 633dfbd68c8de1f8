// The entry of libFuzzer for one target, TALKPATH_FUZZ_TARGET.
#include "fuzz/fuzz_targets.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t count) {
  talkpath::fuzz::FuzzInput input(std::span(bytes, count));
  talkpath::fuzz::TALKPATH_FUZZ_TARGET(input);
  return 0;
}
