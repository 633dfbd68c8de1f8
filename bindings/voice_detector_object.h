// The voice detector, one object a stream.
//
// Thread: the Node thread that made it. TypeScript has checked all arguments; what could hurt memory is checked
// again, and then nothing is done.
#pragma once

#include <napi.h>

#include <memory>

#include "external_memory.h"

namespace talkpath::bindings {

class VoiceDetectorObject : public Napi::ObjectWrap<VoiceDetectorObject> {
 public:
  // VoiceDetector(sampleRateHz, mode)
  explicit VoiceDetectorObject(const Napi::CallbackInfo& info);
  static void Export(Napi::Env env, Napi::Object exports);
  void Finalize(Napi::Env env) override { memory_.Withdraw(env); }

 private:
  // process(block, decision: Float32Array): writes 1 for speech or 0, and the probability of speech.
  Napi::Value Process(const Napi::CallbackInfo& info);
  Napi::Value DelaySeconds(const Napi::CallbackInfo& info);
  Napi::Value Close(const Napi::CallbackInfo& info);

  struct Stages;
  std::unique_ptr<Stages> stages_;
  ExternalMemory memory_;
};

}  // namespace talkpath::bindings
