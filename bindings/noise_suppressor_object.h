// The noise suppressor, one object a stream.
//
// Thread: the Node thread that made it. TypeScript has checked all arguments; what could hurt memory is checked
// again, and then nothing is done.
#pragma once

#include <napi.h>

#include <memory>

#include "external_memory.h"

namespace talkpath::bindings {

class NoiseSuppressorObject : public Napi::ObjectWrap<NoiseSuppressorObject> {
 public:
  // NoiseSuppressor(sampleRateHz, level: 1 to 3)
  explicit NoiseSuppressorObject(const Napi::CallbackInfo& info);
  static void Export(Napi::Env env, Napi::Object exports);
  void Finalize(Napi::Env env) override { memory_.Withdraw(env); }

 private:
  // process(block, output): one block each, or the same one.
  Napi::Value Process(const Napi::CallbackInfo& info);
  Napi::Value DelaySeconds(const Napi::CallbackInfo& info);
  Napi::Value Close(const Napi::CallbackInfo& info);

  struct Stages;
  std::unique_ptr<Stages> stages_;
  ExternalMemory memory_;
};

}  // namespace talkpath::bindings
