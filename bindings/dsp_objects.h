// The stages of native/dsp as objects, for use without an engine: one object a stream, each on the Node thread
// that made it. TypeScript has checked all arguments; what could hurt memory is checked again, and then nothing
// is done.
#pragma once

#include <napi.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "dsp/echo_canceller.h"
#include "dsp/noise_suppressor.h"
#include "dsp/resampler.h"
#include "dsp/voice_detector.h"
#include "dsp/working_rate.h"

namespace talkpath::bindings {

// What a stage holds outside JavaScript's heap, told to the garbage collector until close() or its own collection.
class ExternalMemory {
 public:
  void Report(Napi::Env env, int64_t bytes);
  void Withdraw(Napi::Env env) { Report(env, 0); }

 private:
  int64_t bytes_ = 0;
};

class ResamplerObject : public Napi::ObjectWrap<ResamplerObject> {
 public:
  // Resampler(inputRateHz, outputRateHz)
  explicit ResamplerObject(const Napi::CallbackInfo& info);
  static void Export(Napi::Env env, Napi::Object exports);
  void Finalize(Napi::Env env) override { memory_.Withdraw(env); }

 private:
  // outputSamples(inputSamples): what the next process() of as many will write.
  Napi::Value OutputSamples(const Napi::CallbackInfo& info);
  // process(input, output): samples written; 0 and nothing taken when `output` is too short.
  Napi::Value Process(const Napi::CallbackInfo& info);
  // restart(): forgets the stream so far.
  Napi::Value Restart(const Napi::CallbackInfo& info);
  Napi::Value DelaySeconds(const Napi::CallbackInfo& info);
  Napi::Value Close(const Napi::CallbackInfo& info);

  std::unique_ptr<Resampler> resampler_;
  std::vector<float> input_;
  std::vector<float> output_;
  ExternalMemory memory_;
};

class EchoCancellerObject : public Napi::ObjectWrap<EchoCancellerObject> {
 public:
  // EchoCanceller(sampleRateHz, maxDelayMs, noiseSuppression: 0 to 3)
  explicit EchoCancellerObject(const Napi::CallbackInfo& info);
  static void Export(Napi::Env env, Napi::Object exports);
  void Finalize(Napi::Env env) override { memory_.Withdraw(env); }

 private:
  // process(nearEnd, farEnd, output): one block each; `output` may be one of the others.
  Napi::Value Process(const Napi::CallbackInfo& info);
  Napi::Value DelaySeconds(const Napi::CallbackInfo& info);
  // echoReturnLossEnhancementDb(): as the canceller estimates it.
  Napi::Value EchoReturnLossEnhancement(const Napi::CallbackInfo& info);
  Napi::Value Close(const Napi::CallbackInfo& info);

  struct Stages;
  std::unique_ptr<Stages> stages_;
  ExternalMemory memory_;
};

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
