#include "dsp_functions.h"

#include <algorithm>

#include "convert.h"
#include "dsp/g711.h"
#include "dsp/rate_converter.h"

namespace talkpath::bindings {
namespace {

Napi::Value Give(Napi::Env env, const Result<size_t>& count) {
  return count ? Napi::Number::New(env, static_cast<double>(*count)) : Throw(env, count.error().message);
}

// convertedSamples(samples, inputRateHz, outputRateHz) and convertRate(the same, output) differ in what they do.
template <auto Convert>
Napi::Value WithRates(const Napi::CallbackInfo& info) {
  const std::optional<int> input_rate_hz = IntegerOf(info[1], "inputRateHz");
  if (!input_rate_hz) return info.Env().Undefined();
  const std::optional<int> output_rate_hz = IntegerOf(info[2], "outputRateHz");
  if (!output_rate_hz) return info.Env().Undefined();
  return Give(info.Env(), Convert(info, *input_rate_hz, *output_rate_hz));
}

Result<size_t> CountConverted(const Napi::CallbackInfo& info, int input_rate_hz, int output_rate_hz) {
  return ConvertedSamples(CountOf(info[0]), input_rate_hz, output_rate_hz);
}

Result<size_t> ConvertInto(const Napi::CallbackInfo& info, int input_rate_hz, int output_rate_hz) {
  return ConvertRate(Samples(info[0]), input_rate_hz, output_rate_hz, Samples(info[3]));
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

// sharesMemory(one, other): of two arrays of samples or bytes.
Napi::Value SharesMemory(const Napi::CallbackInfo& info) {
  const auto bytes = [](const Napi::Value& array) -> std::span<const uint8_t> {
    const std::span<const int16_t> samples = Samples(array);
    if (samples.empty()) return Bytes(array);
    return {reinterpret_cast<const uint8_t*>(samples.data()), samples.size_bytes()};
  };
  return Napi::Boolean::New(info.Env(), Overlap(bytes(info[0]), bytes(info[1])));
}

}  // namespace

void ExportDspFunctions(Napi::Env env, Napi::Object exports) {
  exports["convertedSamples"] = Napi::Function::New(env, WithRates<CountConverted>);
  exports["convertRate"] = Napi::Function::New(env, WithRates<ConvertInto>);
  exports["encodeMulaw"] = Napi::Function::New(env, EncodeG711<g711::EncodeMulaw>);
  exports["decodeMulaw"] = Napi::Function::New(env, DecodeG711<g711::DecodeMulaw>);
  exports["encodeAlaw"] = Napi::Function::New(env, EncodeG711<g711::EncodeAlaw>);
  exports["sharesMemory"] = Napi::Function::New(env, SharesMemory);
  exports["decodeAlaw"] = Napi::Function::New(env, DecodeG711<g711::DecodeAlaw>);
}

}  // namespace talkpath::bindings
