// Our echo canceller, and speexdsp's as its documentation streams it: 10 ms blocks, no hint of the delay.
#include <speex/speex_echo.h>
#include <speex/speex_preprocess.h>

#include "dsp/echo_canceller.h"
#include "dsp/working_rate.h"
#include "stage.h"

namespace talkpath::benchmarks {
namespace {

// At the rate it works at, as the class of talkpath/dsp does it.
class OurEchoCanceller final : public Stage {
 public:
  OurEchoCanceller(std::unique_ptr<EchoCanceller> canceller, const WorkingRate& near_end, const WorkingRate& far_end)
      : canceller_(std::move(canceller)), near_end_(near_end), far_end_(far_end) {}

  size_t Process(std::span<const int16_t> in, std::span<const int16_t> far_end, std::span<int16_t> out) override {
    canceller_->AnalyzeFarEnd(far_end_.In(far_end));
    const std::span<float> block = near_end_.In(in);
    canceller_->Process(block);
    near_end_.Out(block, out);
    return in.size();
  }

 private:
  std::unique_ptr<EchoCanceller> canceller_;
  WorkingRate near_end_;
  WorkingRate far_end_;
};

// The adaptive filter and the suppressor of residual echo and noise that belongs to it.
class SpeexEchoCanceller final : public Stage {
 public:
  SpeexEchoCanceller(int sample_rate_hz, int tail_ms)
      : echo_(speex_echo_state_init(sample_rate_hz / 100, sample_rate_hz / 1000 * tail_ms)),
        preprocess_(speex_preprocess_state_init(sample_rate_hz / 100, sample_rate_hz)) {
    speex_echo_ctl(echo_, SPEEX_ECHO_SET_SAMPLING_RATE, &sample_rate_hz);
    speex_preprocess_ctl(preprocess_, SPEEX_PREPROCESS_SET_ECHO_STATE, echo_);
  }
  ~SpeexEchoCanceller() override {
    speex_preprocess_state_destroy(preprocess_);
    speex_echo_state_destroy(echo_);
  }

  size_t Process(std::span<const int16_t> in, std::span<const int16_t> far_end, std::span<int16_t> out) override {
    speex_echo_cancellation(echo_, in.data(), far_end.data(), out.data());
    speex_preprocess_run(preprocess_, out.data());
    return in.size();
  }

 private:
  SpeexEchoState* echo_;
  SpeexPreprocessState* preprocess_;
};

}  // namespace

std::unique_ptr<Stage> MakeEchoCanceller(const std::string& name, int sample_rate_hz, int tail_ms) {
  if (name == "our-echo-canceller") {
    const int working_rate_hz = WorkingRate::For(sample_rate_hz);
    auto canceller = EchoCanceller::Create(working_rate_hz, tail_ms);
    const auto rates = WorkingRate::Create(sample_rate_hz, working_rate_hz);
    return canceller && rates ? std::make_unique<OurEchoCanceller>(std::move(*canceller), *rates, *rates) : nullptr;
  }
  if (name == "speexdsp-echo-canceller") return std::make_unique<SpeexEchoCanceller>(sample_rate_hz, tail_ms);
  return nullptr;
}

}  // namespace talkpath::benchmarks
