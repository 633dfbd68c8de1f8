// Our echo canceller, and speexdsp's as its documentation streams it: 10 ms blocks, no hint of the delay.
#include <speex/speex_echo.h>
#include <speex/speex_preprocess.h>

#include <vector>

#include "base/pcm.h"
#include "dsp/echo_canceller.h"
#include "stage.h"

namespace talkpath::benchmarks {
namespace {

class OurEchoCanceller final : public Stage {
 public:
  explicit OurEchoCanceller(std::unique_ptr<EchoCanceller> canceller) : canceller_(std::move(canceller)) {}

  size_t Process(std::span<const int16_t> in, std::span<const int16_t> far_end, std::span<int16_t> out) override {
    block_.resize(in.size());
    ToFloat(far_end, block_);
    canceller_->AnalyzeFarEnd(block_);
    ToFloat(in, block_);
    canceller_->Process(block_);
    ToInt16(block_, out.first(in.size()));
    return in.size();
  }

 private:
  std::unique_ptr<EchoCanceller> canceller_;
  std::vector<float> block_;
};

// The adaptive filter and the residual suppressor that belongs to it.
class SpeexEchoCanceller final : public Stage {
 public:
  SpeexEchoCanceller(int sample_rate_hz, int tail_ms)
      : echo_(speex_echo_state_init(sample_rate_hz / 100, sample_rate_hz / 1000 * tail_ms)),
        preprocess_(speex_preprocess_state_init(sample_rate_hz / 100, sample_rate_hz)) {
    speex_echo_ctl(echo_, SPEEX_ECHO_SET_SAMPLING_RATE, &sample_rate_hz);
    speex_preprocess_ctl(preprocess_, SPEEX_PREPROCESS_SET_ECHO_STATE, echo_);
    int denoise = 0;
    speex_preprocess_ctl(preprocess_, SPEEX_PREPROCESS_SET_DENOISE, &denoise);
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
    auto canceller = EchoCanceller::Create(sample_rate_hz, tail_ms);
    return canceller ? std::make_unique<OurEchoCanceller>(std::move(*canceller)) : nullptr;
  }
  if (name == "speexdsp-echo-canceller") return std::make_unique<SpeexEchoCanceller>(sample_rate_hz, tail_ms);
  return nullptr;
}

}  // namespace talkpath::benchmarks
