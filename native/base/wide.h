// Marks the definition of a function that goes through much audio side by side: it is compiled for processors with AVX2 too,
// and which of the two runs is decided when the program is loaded. Both give the same samples: nothing is fused or reordered.
#pragma once

#include <climits>  // says which C library it is

#if defined(__x86_64__) && defined(__GLIBC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define TALKPATH_WIDE __attribute__((target_clones("avx2", "default")))
#else
#define TALKPATH_WIDE
#endif
