// Under a sanitizer the allocator is the sanitizer's own: it calls us.
#include <cstddef>

#include "support/realtime_trap.h"

extern "C" int __sanitizer_install_malloc_and_free_hooks(void (*malloc_hook)(const volatile void*, size_t),
                                                         void (*free_hook)(const volatile void*));

namespace {

void SeeAllocation(const volatile void*, size_t) { talkpath::test::RealtimeTrap::Forbid("malloc"); }
void SeeRelease(const volatile void* memory) {
  if (memory) talkpath::test::RealtimeTrap::Forbid("free");
}

[[maybe_unused]] const int installed = __sanitizer_install_malloc_and_free_hooks(SeeAllocation, SeeRelease);

}  // namespace
