// The echo canceller with a noise suppressor after it, one object a line.
//
// Thread: the Node thread that made it. TypeScript has checked all arguments; what could hurt memory is checked
// again, and then nothing is done.
#pragma once

#include <napi.h>

#include <memory>

#include "external_memory.h"

namespace talkpath::bindings {

class EchoCancellerObject : public Napi::ObjectWrap<EchoCancellerObject> {
 public:
  // EchoCanceller(sampleRateHz, maxDelayMs, noiseSuppression: 0 to 3, always: from the first block on)
  explicit EchoCancellerObject(const Napi::CallbackInfo& info);
  static void Export(Napi::Env env, Napi::Object exports);
  void Finalize(Napi::Env env) override { memory_.Withdraw(env); }

 private:
  // process(nearEnd, farEnd, output): one block each; `output` may be one of the others.
  Napi::Value Process(const Napi::CallbackInfo& info);
  // state(fields: Float32Array of 6): removes, echo found, echo possible, caller speaks (1 or 0), how probable that is, the
  // echo's delay in samples.
  Napi::Value State(const Napi::CallbackInfo& info);
  // delaySeconds(removes)
  Napi::Value DelaySeconds(const Napi::CallbackInfo& info);
  Napi::Value Close(const Napi::CallbackInfo& info);

  struct Stages;
  std::unique_ptr<Stages> stages_;
  ExternalMemory memory_;
};

}  // namespace talkpath::bindings
