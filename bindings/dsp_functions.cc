#include "dsp_functions.h"

#include <cstring>
#include <vector>

#include "convert.h"
#include "dsp/rate_converter.h"

namespace talkpath::bindings {
namespace {

Napi::Value ConvertRateOfBytes(const Napi::CallbackInfo& info) {
  const std::span<const uint8_t> bytes = Bytes(info[0]);
  std::vector<int16_t> samples(bytes.size() / sizeof(int16_t));
  std::memcpy(samples.data(), bytes.data(), samples.size() * sizeof(int16_t));
  const auto converted = ConvertRate(samples, info[1].As<Napi::Number>().Int32Value(), info[2].As<Napi::Number>().Int32Value());
  if (!converted) return Throw(info.Env(), converted.error().message);
  Napi::Uint8Array result = Napi::Uint8Array::New(info.Env(), converted->size() * sizeof(int16_t));
  std::memcpy(result.Data(), converted->data(), result.ByteLength());
  return result;
}

}  // namespace

void ExportDspFunctions(Napi::Env env, Napi::Object exports) {
  exports["convertRate"] = Napi::Function::New(env, ConvertRateOfBytes);
}

}  // namespace talkpath::bindings
