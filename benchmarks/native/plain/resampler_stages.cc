// Our resampler, speexdsp's and libsoxr's, each as its own documentation streams it.
#include <soxr.h>
#include <speex/speex_resampler.h>

#include <vector>

#include "base/pcm.h"
#include "dsp/resampler.h"
#include "stage.h"

namespace talkpath::benchmarks {
namespace {

class OurResampler final : public Stage {
 public:
  explicit OurResampler(const ResamplerKernel* kernel) { resampler_.SetKernel(kernel); }

  size_t Process(std::span<const int16_t> in, std::span<const int16_t>, std::span<int16_t> out) override {
    in_.resize(in.size());
    out_.resize(resampler_.MaxOutput(in.size()));
    ToFloat(in, in_);
    const size_t made = resampler_.Process(in_, out_);
    ToInt16(std::span(out_).first(made), out.first(made));
    return made;
  }

 private:
  Resampler resampler_;
  std::vector<float> in_;
  std::vector<float> out_;
};

class SpeexResampler final : public Stage {
 public:
  SpeexResampler(int input_rate_hz, int output_rate_hz, int quality)
      : state_(speex_resampler_init(1, static_cast<uint32_t>(input_rate_hz), static_cast<uint32_t>(output_rate_hz), quality, nullptr)) {}
  ~SpeexResampler() override { speex_resampler_destroy(state_); }

  size_t Process(std::span<const int16_t> in, std::span<const int16_t>, std::span<int16_t> out) override {
    auto taken = static_cast<uint32_t>(in.size());
    auto made = static_cast<uint32_t>(out.size());
    speex_resampler_process_int(state_, 0, in.data(), &taken, out.data(), &made);
    return made;
  }

 private:
  SpeexResamplerState* state_;
};

class Soxr final : public Stage {
 public:
  Soxr(int input_rate_hz, int output_rate_hz, const soxr_quality_spec_t& quality, unsigned log2_dft_size) {
    const soxr_io_spec_t format = soxr_io_spec(SOXR_INT16_I, SOXR_INT16_I);
    soxr_runtime_spec_t runtime = soxr_runtime_spec(1);
    if (log2_dft_size > 0) runtime.log2_min_dft_size = runtime.log2_large_dft_size = log2_dft_size;
    state_ = soxr_create(input_rate_hz, output_rate_hz, 1, nullptr, &format, &quality, &runtime);
  }
  ~Soxr() override { soxr_delete(state_); }

  size_t Process(std::span<const int16_t> in, std::span<const int16_t>, std::span<int16_t> out) override {
    size_t taken = 0;
    size_t made = 0;
    soxr_process(state_, in.data(), in.size(), &taken, out.data(), out.size(), &made);
    return made;
  }

 private:
  soxr_t state_ = nullptr;
};

// The recipe of least delay that libsoxr can be talked into: a wide transition and the shortest transforms.
soxr_quality_spec_t TunedForDelay() {
  soxr_quality_spec_t quality = soxr_quality_spec(SOXR_HQ, 0);
  quality.precision = 16;
  quality.passband_end = 0.85;
  quality.stopband_begin = 1.15;
  return quality;
}

}  // namespace

std::unique_ptr<Stage> MakeResampler(const std::string& name, int input_rate_hz, int output_rate_hz) {
  if (name == "ours") {
    const auto kernel = ResamplerKernel::Get(input_rate_hz, output_rate_hz);
    return kernel ? std::make_unique<OurResampler>(*kernel) : nullptr;
  }
  if (name.starts_with("speexdsp-q")) return std::make_unique<SpeexResampler>(input_rate_hz, output_rate_hz, std::stoi(name.substr(10)));
  if (name == "soxr-hq") return std::make_unique<Soxr>(input_rate_hz, output_rate_hz, soxr_quality_spec(SOXR_HQ, 0), 0);
  if (name == "soxr-vhq") return std::make_unique<Soxr>(input_rate_hz, output_rate_hz, soxr_quality_spec(SOXR_VHQ, 0), 0);
  if (name == "soxr-tuned") return std::make_unique<Soxr>(input_rate_hz, output_rate_hz, TunedForDelay(), 8);
  return nullptr;
}

}  // namespace talkpath::benchmarks
