// What the benchmarks measure without JavaScript in the way, as an addon, so that it runs in the same process.
#include <napi.h>

#include <ctime>
#include <memory>
#include <span>
#include <string>

#include "base/clock.h"
#include "bell_ringer.h"
#include "rings.h"
#include "stage.h"

namespace talkpath::benchmarks {
namespace {

std::span<int16_t> Samples(const Napi::Value& value) {
  if (!value.IsTypedArray()) return {};
  auto array = value.As<Napi::Int16Array>();
  return {array.Data(), array.ElementLength()};
}

// Processor time of the calling thread.
int64_t ThreadCpuNs() {
  timespec used;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return used.tv_sec * kNsPerSecond + used.tv_nsec;
}

class PlainStage : public Napi::ObjectWrap<PlainStage> {
 public:
  // PlainStage(name, rate, setting): the setting is the other rate, the tail in milliseconds or the mode.
  explicit PlainStage(const Napi::CallbackInfo& info) : ObjectWrap(info) {
    const std::string name = info[0].As<Napi::String>();
    const int rate_hz = info[1].As<Napi::Number>().Int32Value();
    const int setting = info[2].As<Napi::Number>().Int32Value();
    stage_ = MakeResampler(name, rate_hz, setting);
    if (!stage_) stage_ = MakeEchoCanceller(name, rate_hz, setting);
    if (!stage_) stage_ = MakeVoiceDetector(name, rate_hz, setting);
    if (!stage_) Napi::Error::New(info.Env(), "There is no stage " + name + " for " + std::to_string(rate_hz) + " Hz").ThrowAsJavaScriptException();
  }

  static void Export(Napi::Env env, Napi::Object exports) {
    exports["PlainStage"] = DefineClass(env, "PlainStage",
                                        {InstanceMethod<&PlainStage::Process>("process"), InstanceMethod<&PlainStage::Time>("time")});
  }

 private:
  // process(in, farEnd, out): samples written to `out`; in one block.
  Napi::Value Process(const Napi::CallbackInfo& info) {
    return Napi::Number::New(info.Env(), static_cast<double>(stage_->Process(Samples(info[0]), Samples(info[1]), Samples(info[2]))));
  }

  // time(in, farEnd, out, blockSamples): nanoseconds of processor time for all of `in`, block by block.
  Napi::Value Time(const Napi::CallbackInfo& info) {
    const std::span<const int16_t> in = Samples(info[0]);
    const std::span<const int16_t> far_end = Samples(info[1]);
    const std::span<int16_t> out = Samples(info[2]);
    const size_t block = info[3].As<Napi::Number>().Uint32Value();
    const int64_t started_ns = ThreadCpuNs();
    for (size_t at = 0; at + block <= in.size(); at += block) {
      (void)stage_->Process(in.subspan(at, block), far_end.empty() ? far_end : far_end.subspan(at, block), out);
    }
    return Napi::Number::New(info.Env(), static_cast<double>(ThreadCpuNs() - started_ns));
  }

  std::unique_ptr<Stage> stage_;
};

void ExportRings(Napi::Env env, Napi::Object exports) {
  using Measure = double (*)(const std::string&, int64_t);
  const auto add = [&](const char* name, Measure measure) {
    exports[name] = Napi::Function::New(env, [measure](const Napi::CallbackInfo& info) -> Napi::Value {
      return Napi::Number::New(info.Env(), measure(info[0].As<Napi::String>(), info[1].As<Napi::Number>().Int64Value()));
    });
  };
  add("frameTransferNs", FrameTransferNs);
  add("frameAloneNs", FrameAloneNs);
  add("roundTripNs", RoundTripNs);
}

// threadCpuMs(): processor time of the calling thread. compiler: what compiled all this.
void ExportMachine(Napi::Env env, Napi::Object exports) {
  exports["threadCpuMs"] = Napi::Function::New(env, [](const Napi::CallbackInfo& info) -> Napi::Value {
    return Napi::Number::New(info.Env(), static_cast<double>(ThreadCpuNs()) / 1e6);
  });
  exports["compiler"] = Napi::String::New(env, TALKPATH_COMPILER);
}

Napi::Object Init(Napi::Env env, Napi::Object exports) {
  PlainStage::Export(env, exports);
  ExportRings(env, exports);
  ExportBells(env, exports);
  ExportTicks(env, exports);
  ExportMachine(env, exports);
  return exports;
}

}  // namespace
}  // namespace talkpath::benchmarks

Napi::Object InitPlain(Napi::Env env, Napi::Object exports) { return talkpath::benchmarks::Init(env, exports); }
NODE_API_MODULE(plain, InitPlain)
