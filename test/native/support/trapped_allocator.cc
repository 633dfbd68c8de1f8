// Takes the place of libc's allocator: the same memory, seen by the trap on its way.
#include <cerrno>
#include <cstdlib>

#include "support/realtime_trap.h"

using talkpath::test::RealtimeTrap;

extern "C" {

void* __libc_malloc(size_t bytes);
void* __libc_calloc(size_t count, size_t bytes);
void* __libc_realloc(void* memory, size_t bytes);
void* __libc_memalign(size_t alignment, size_t bytes);
void __libc_free(void* memory);

void* malloc(size_t bytes) noexcept {
  RealtimeTrap::Forbid("malloc");
  return __libc_malloc(bytes);
}

void* calloc(size_t count, size_t bytes) noexcept {
  RealtimeTrap::Forbid("calloc");
  return __libc_calloc(count, bytes);
}

void* realloc(void* memory, size_t bytes) noexcept {
  RealtimeTrap::Forbid("realloc");
  return __libc_realloc(memory, bytes);
}

void free(void* memory) noexcept {
  if (memory) RealtimeTrap::Forbid("free");
  __libc_free(memory);
}

void* memalign(size_t alignment, size_t bytes) noexcept {
  RealtimeTrap::Forbid("memalign");
  return __libc_memalign(alignment, bytes);
}

void* aligned_alloc(size_t alignment, size_t bytes) noexcept {
  RealtimeTrap::Forbid("aligned_alloc");
  return __libc_memalign(alignment, bytes);
}

int posix_memalign(void** memory, size_t alignment, size_t bytes) noexcept {
  RealtimeTrap::Forbid("posix_memalign");
  *memory = __libc_memalign(alignment, bytes);
  return *memory ? 0 : ENOMEM;
}

}  // extern "C"
