#include "dsp/recording_resampler.h"

#include <soxr.h>

#include <string>
#include <utility>

namespace talkpath {

void RecordingResampler::Delete::operator()(soxr* resampler) const { soxr_delete(resampler); }

RecordingResampler::RecordingResampler(soxr* resampler, int input_rate_hz, int output_rate_hz)
    : resampler_(resampler), input_rate_hz_(input_rate_hz), output_rate_hz_(output_rate_hz) {}

Result<void> RecordingResampler::CheckRates(int input_rate_hz, int output_rate_hz) {
  for (const auto& [name, rate_hz] : {std::pair("input_rate_hz", input_rate_hz), std::pair("output_rate_hz", output_rate_hz)}) {
    if (rate_hz < kLowestRateHz || rate_hz > kHighestRateHz) {
      return Fail("Expected integer between " + std::to_string(kLowestRateHz) + " and " + std::to_string(kHighestRateHz) + " for " + name +
                  " but received " + std::to_string(rate_hz));
    }
  }
  return {};
}

Result<RecordingResampler> RecordingResampler::Create(int input_rate_hz, int output_rate_hz, RecordingQuality quality) {
  if (const auto checked = CheckRates(input_rate_hz, output_rate_hz); !checked) return std::unexpected(checked.error());
  soxr_io_spec_t format = soxr_io_spec(SOXR_INT16_I, SOXR_INT16_I);
  format.flags = SOXR_NO_DITHER;  // silence stays silence
  const soxr_quality_spec_t recipe = soxr_quality_spec(quality == RecordingQuality::kHigh ? SOXR_HQ : SOXR_VHQ, 0);
  const soxr_runtime_spec_t runtime = soxr_runtime_spec(1);
  soxr_error_t error = nullptr;
  soxr* resampler = soxr_create(input_rate_hz, output_rate_hz, 1, &error, &format, &recipe, &runtime);
  if (error) return Fail(std::string("libsoxr: ") + error);
  return RecordingResampler(resampler, input_rate_hz, output_rate_hz);
}

// Output that the input so far is worth.
size_t RecordingResampler::Due() const {
  const auto in = static_cast<uint64_t>(input_rate_hz_);
  return (taken_ * static_cast<uint64_t>(output_rate_hz_) + in / 2) / in;
}

Result<std::vector<int16_t>> RecordingResampler::Process(std::span<const int16_t> in) {
  taken_ += in.size();
  if (in.empty()) return std::vector<int16_t>();  // a null pointer would end libsoxr's stream
  return Run(in, Due() - given_);
}

Result<std::vector<int16_t>> RecordingResampler::Flush() {
  auto rest = Run({}, Due() - given_);
  taken_ = given_ = 0;
  clipped_ = clipped_samples();
  soxr_error_t error = soxr_clear(resampler_.get());
  if (!error) error = soxr_set_io_ratio(resampler_.get(), static_cast<double>(input_rate_hz_) / output_rate_hz_, 0);
  if (error) return Fail(std::string("libsoxr: ") + error);
  return rest;
}

// Null input ends libsoxr's stream. It wants an address to write to even where there is nothing to write.
Result<std::vector<int16_t>> RecordingResampler::Run(std::span<const int16_t> in, size_t most) {
  std::vector<int16_t> out(most + 1);
  size_t written = 0;
  const soxr_error_t error = soxr_process(resampler_.get(), in.empty() ? nullptr : in.data(), in.size(), nullptr, out.data(), most, &written);
  if (error) return Fail(std::string("libsoxr: ") + error);
  given_ += written;
  out.resize(written);
  return out;
}

size_t RecordingResampler::withheld_samples() const { return Due() - given_; }
size_t RecordingResampler::clipped_samples() const { return clipped_ + *soxr_num_clips(resampler_.get()); }

}  // namespace talkpath
