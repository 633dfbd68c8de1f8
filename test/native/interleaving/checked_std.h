// The part of the standard library that threads meet in, watched: code that is included between
// `#define std checked_std` and `#undef std` runs on the machine of machine.h, unchanged.
#pragma once

// All that such code includes comes first, and as it is.
#include <algorithm>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <source_location>
#include <span>
#include <type_traits>

#include "base/realtime.h"
#include "interleaving/machine.h"

namespace checked_std {

using namespace ::std;

template <typename T>
class atomic {
  static_assert(is_integral_v<T>);

 public:
  atomic(T value) : number_(talkpath::interleaving::NewAtomic(static_cast<uint64_t>(value))) {}
  atomic(const atomic&) = delete;
  atomic& operator=(const atomic&) = delete;

  // Only the orders that the model knows.
  T load(memory_order order, const source_location& where = source_location::current()) const {
    talkpath::interleaving::Require(order == memory_order_relaxed || order == memory_order_acquire, "a load in an order that the model does not know");
    return static_cast<T>(talkpath::interleaving::Load(number_, order == memory_order_acquire, where));
  }
  void store(T value, memory_order order, const source_location& where = source_location::current()) {
    talkpath::interleaving::Require(order == memory_order_relaxed || order == memory_order_release, "a store in an order that the model does not know");
    talkpath::interleaving::Store(number_, static_cast<uint64_t>(value), order == memory_order_release, where);
  }

 private:
  const size_t number_;
};

inline void* memcpy(void* to, const void* from, size_t count) {
  talkpath::interleaving::ReadBytes(from, count);
  talkpath::interleaving::WriteBytes(to, count);
  return ::std::memcpy(to, from, count);
}

}  // namespace checked_std
