// What an object holds outside JavaScript's heap, told to the garbage collector: from its creation until close()
// or its own collection.
#pragma once

#include <napi.h>

#include <cstdint>

namespace talkpath::bindings {

class ExternalMemory {
 public:
  void Report(Napi::Env env, int64_t bytes) {
    if (bytes != bytes_) Napi::MemoryManagement::AdjustExternalMemory(env, bytes - bytes_);
    bytes_ = bytes;
  }
  void Withdraw(Napi::Env env) { Report(env, 0); }

 private:
  int64_t bytes_ = 0;
};

}  // namespace talkpath::bindings
