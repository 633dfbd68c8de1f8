#include "dsp_functions.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "convert.h"
#include "dsp/g711.h"
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

template <auto Encode>
Napi::Value EncodeG711(const Napi::CallbackInfo& info) {
  const std::span<const int16_t> samples = Samples(info[0]);
  const std::span<uint8_t> codes = Bytes(info[1]);
  if (codes.size() >= samples.size()) std::ranges::transform(samples, codes.begin(), [](int16_t sample) { return Encode(sample); });
  return info.Env().Undefined();
}

template <auto Decode>
Napi::Value DecodeG711(const Napi::CallbackInfo& info) {
  const std::span<const uint8_t> codes = Bytes(info[0]);
  const std::span<int16_t> samples = Samples(info[1]);
  if (samples.size() >= codes.size()) std::ranges::transform(codes, samples.begin(), [](uint8_t code) { return Decode(code); });
  return info.Env().Undefined();
}

}  // namespace

void ExportDspFunctions(Napi::Env env, Napi::Object exports) {
  exports["convertRate"] = Napi::Function::New(env, ConvertRateOfBytes);
  exports["encodeMulaw"] = Napi::Function::New(env, EncodeG711<g711::EncodeMulaw>);
  exports["decodeMulaw"] = Napi::Function::New(env, DecodeG711<g711::DecodeMulaw>);
  exports["encodeAlaw"] = Napi::Function::New(env, EncodeG711<g711::EncodeAlaw>);
  exports["decodeAlaw"] = Napi::Function::New(env, DecodeG711<g711::DecodeAlaw>);
}

}  // namespace talkpath::bindings
