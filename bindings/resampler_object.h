// The live resampler, one object a stream.
//
// Thread: the Node thread that made it. TypeScript has checked all arguments; what could hurt memory is checked
// again, and then nothing is done.
#pragma once

#include <napi.h>

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "dsp/resampler.h"
#include "external_memory.h"

namespace talkpath::bindings {

class ResamplerObject : public Napi::ObjectWrap<ResamplerObject> {
 public:
  // Resampler(inputRateHz, outputRateHz)
  explicit ResamplerObject(const Napi::CallbackInfo& info);
  static void Export(Napi::Env env, Napi::Object exports);
  void Finalize(Napi::Env env) override { memory_.Withdraw(env); }

 private:
  // outputSamples(inputSamples): what the next process() of as many will write.
  Napi::Value OutputSamples(const Napi::CallbackInfo& info);
  // process(input, output): samples written; -n, and nothing is taken, when `output` has no room for n.
  Napi::Value Process(const Napi::CallbackInfo& info);
  // flushSamples(): what flush() will write; nothing where nothing came in.
  Napi::Value FlushSamples(const Napi::CallbackInfo& info);
  // flush(output): lets the stream fade out of the filter and begins a new one; samples written.
  Napi::Value Flush(const Napi::CallbackInfo& info);
  // latencySeconds(): from a sample's coming in to its coming out; delaySeconds(): how far the signal is shifted.
  Napi::Value DelaySeconds(const Napi::CallbackInfo& info);
  Napi::Value Close(const Napi::CallbackInfo& info);

  size_t FlushInput() const;
  size_t Convert(std::span<const int16_t> in, std::span<int16_t> out);

  std::unique_ptr<Resampler> resampler_;  // null once closed
  bool begun_ = false;                    // a sample of the stream at hand came in
  std::vector<float> input_;
  std::vector<float> output_;
  ExternalMemory memory_;
};

}  // namespace talkpath::bindings
