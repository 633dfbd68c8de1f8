#include "support/speech_like.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "base/audio_format.h"

namespace talkpath::test {
namespace {

using Formants = std::array<double, 3>;
constexpr std::array<Formants, 5> kVowelsHz = {
    {{730, 1090, 2440}, {270, 2290, 3010}, {530, 1840, 2480}, {570, 840, 2410}, {300, 870, 2240}}};
constexpr Formants kBandwidthsHz = {80, 100, 140};
constexpr Formants kFormantGains = {1.0, 0.6, 0.3};
constexpr double kFricativeGain = 0.08;
constexpr int kAttackMs = 20;
constexpr int kReleaseMs = 40;

// A two-pole resonance.
class Resonator {
 public:
  void Tune(double hz, double bandwidth_hz, int rate_hz) {
    const double radius = std::exp(-std::numbers::pi * bandwidth_hz / rate_hz);
    b_ = 2.0 * radius * std::cos(2.0 * std::numbers::pi * hz / rate_hz);
    c_ = -radius * radius;
    a_ = 1.0 - b_ - c_;
  }
  double Process(double in) {
    const double out = a_ * in + b_ * past1_ + c_ * past2_;
    past2_ = past1_;
    past1_ = out;
    return out;
  }

 private:
  double a_ = 0, b_ = 0, c_ = 0, past1_ = 0, past2_ = 0;
};

class Voice {
 public:
  Voice(int rate_hz, uint64_t seed) : rate_hz_(rate_hz), random_(seed) {}

  // Appends one syllable.
  void Speak(Samples& samples) {
    const Formants& vowel = kVowelsHz[static_cast<size_t>(random_.Between(0, 4))];
    for (size_t i = 0; i < vowel.size(); ++i) formants_[i].Tune(vowel[i], kBandwidthsHz[i], rate_hz_);
    const double pitch_from_hz = 90.0 + 90.0 * random_.Uniform();
    const double pitch_to_hz = pitch_from_hz * (0.85 + 0.3 * random_.Uniform());
    if (random_.Chance(0.4)) Hiss(samples, random_.Between(40, 90));
    const size_t count = SamplesIn(random_.Between(120, 260), rate_hz_);
    for (size_t i = 0; i < count; ++i) {
      const double progress = static_cast<double>(i) / static_cast<double>(count);
      samples.push_back(static_cast<float>(Envelope(i, count) * Voiced(pitch_from_hz + progress * (pitch_to_hz - pitch_from_hz))));
    }
  }

  int Between(int least, int most) { return random_.Between(least, most); }

 private:
  double Voiced(double pitch_hz) {
    period_position_ += pitch_hz / rate_hz_;
    double pulse = 0.0;
    if (period_position_ >= 1.0) {
      period_position_ -= 1.0;
      pulse = 100.0;
    }
    glottis_ += 0.25 * (pulse + 0.3 * random_.Gaussian() - glottis_);
    double sum = 0.0;
    for (size_t i = 0; i < formants_.size(); ++i) sum += kFormantGains[i] * formants_[i].Process(glottis_);
    return sum;
  }

  void Hiss(Samples& samples, int ms) {
    const size_t count = SamplesIn(ms, rate_hz_);
    double last = 0.0;
    for (size_t i = 0; i < count; ++i) {
      const double now = random_.Gaussian();
      samples.push_back(static_cast<float>(kFricativeGain * Envelope(i, count) * (now - last)));
      last = now;
    }
  }

  double Envelope(size_t i, size_t count) const {
    const auto rise = [](double x) { return 0.5 - 0.5 * std::cos(std::numbers::pi * std::clamp(x, 0.0, 1.0)); };
    const double from_start = static_cast<double>(i) / static_cast<double>(SamplesIn(kAttackMs, rate_hz_));
    const double to_end = static_cast<double>(count - i) / static_cast<double>(SamplesIn(kReleaseMs, rate_hz_));
    return rise(from_start) * rise(to_end);
  }

  const int rate_hz_;
  Random random_;
  std::array<Resonator, 3> formants_;
  double period_position_ = 0.0;
  double glottis_ = 0.0;
};

}  // namespace

SpeechLike MakeSpeechLike(const SpeechLikeSpec& spec) {
  const size_t count = SamplesIn(spec.duration_ms, spec.rate_hz);
  const size_t block = SamplesPerBlock(spec.rate_hz);
  SpeechLike speech;
  std::vector<bool> active;  // by sample
  Voice voice(spec.rate_hz, spec.seed);
  for (int until_pause = voice.Between(4, 7); speech.samples.size() < count;) {
    voice.Speak(speech.samples);
    active.resize(speech.samples.size(), true);
    const bool pause = --until_pause == 0 && spec.pause_ms > 0;
    if (pause) until_pause = voice.Between(4, 7);
    speech.samples.resize(speech.samples.size() + SamplesIn(pause ? spec.pause_ms : voice.Between(10, 50), spec.rate_hz), 0.0f);
    active.resize(speech.samples.size(), false);
  }
  speech.samples.resize(count);
  active.resize(count);
  SetLevel(speech.samples, spec.level_dbfs);
  for (size_t i = 0; i + block <= count; i += block) {
    const auto from = active.begin() + static_cast<long>(i);
    speech.active_blocks.push_back(std::count(from, from + static_cast<long>(block), true) * 2 > static_cast<long>(block));
  }
  return speech;
}

}  // namespace talkpath::test
