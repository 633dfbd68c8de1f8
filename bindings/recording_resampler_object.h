// The resampler of recordings, one object a stream: to JavaScript the same as the live one.
//
// Thread: the Node thread that made it. TypeScript has checked all arguments; what could hurt memory is checked
// again, and then nothing is done.
#pragma once

#include <napi.h>

#include <optional>

#include "dsp/recording_resampler.h"
#include "external_memory.h"

namespace talkpath::bindings {

class RecordingResamplerObject : public Napi::ObjectWrap<RecordingResamplerObject> {
 public:
  // RecordingResampler(inputRateHz, outputRateHz)
  explicit RecordingResamplerObject(const Napi::CallbackInfo& info);
  static void Export(Napi::Env env, Napi::Object exports);
  void Finalize(Napi::Env env) override { memory_.Withdraw(env); }

 private:
  // outputSamples(inputSamples): the most that the next process() of as many will write.
  Napi::Value OutputSamples(const Napi::CallbackInfo& info);
  // process(input, output): samples written; -n, and nothing is taken, when `output` has no room for n.
  Napi::Value Process(const Napi::CallbackInfo& info);
  // flushSamples(): what flush() will write.
  Napi::Value FlushSamples(const Napi::CallbackInfo& info);
  // flush(output): writes what was withheld and begins a new stream; samples written.
  Napi::Value Flush(const Napi::CallbackInfo& info);
  // latencySeconds(): no less than is ever withheld; found by trying, which takes up to half a second.
  Napi::Value LatencySeconds(const Napi::CallbackInfo& info);
  // delaySeconds(): 0, as the signal is not shifted.
  Napi::Value DelaySeconds(const Napi::CallbackInfo& info);
  Napi::Value Close(const Napi::CallbackInfo& info);

  size_t MostOutput(size_t input_samples) const;

  int input_rate_hz_ = 0;
  int output_rate_hz_ = 0;
  std::optional<RecordingResampler> resampler_;  // empty once closed
  ExternalMemory memory_;
};

}  // namespace talkpath::bindings
