#include "dsp_functions.h"

#include <algorithm>
#include <vector>

#include "convert.h"
#include "dsp/g711.h"
#include "dsp/rate_converter.h"

namespace talkpath::bindings {
namespace {

Napi::Value ConvertRateOfBytes(const Napi::CallbackInfo& info) {
  const std::span<const uint8_t> bytes = Bytes(info[0]);
  const std::optional<int> input_rate_hz = IntegerOf(info[1], "inputRateHz");
  if (!input_rate_hz) return info.Env().Undefined();
  const std::optional<int> output_rate_hz = IntegerOf(info[2], "outputRateHz");
  if (!output_rate_hz) return info.Env().Undefined();
  std::vector<int16_t> samples(bytes.size() / sizeof(int16_t));
  CopySamples(bytes, samples);
  const auto converted = ConvertRate(samples, *input_rate_hz, *output_rate_hz);
  if (!converted) return Throw(info.Env(), converted.error().message);
  const Napi::Uint8Array result = Napi::Uint8Array::New(info.Env(), converted->size() * sizeof(int16_t));
  CopySamples(*converted, Bytes(result));
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
