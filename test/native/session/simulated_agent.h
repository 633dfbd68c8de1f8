// An agent that does to its replies whatever providers do, drawn by seed.
#pragma once

#include <array>
#include <cmath>
#include <numbers>
#include <string_view>

#include "dsp/resampler.h"
#include "session/agent_schedule.h"
#include "support/signals.h"
#include "support/speech_like.h"

namespace talkpath::test {

enum class Manner { kBurst, kSentences, kPaced, kBigPieces, kDrip, kStalls, kDrift, kWrongRate, kRateChange, kNeverEnds, kEmpty };
inline constexpr size_t kManners = 11;

// A piece of a reply: when it arrives, what it holds, and at which rate the agent says that it is.
struct SpokenPiece {
  double at_ms;
  int rate_hz;
  Pcm samples;
  bool ends_reply;
};

class SimulatedAgent {
 public:
  explicit SimulatedAgent(uint64_t seed) : random_(seed) {
    const Samples voice = Dulled(MakeSpeechLike({.rate_hz = kRatesHz[0], .duration_ms = kVoiceMs, .seed = seed}).samples);
    for (size_t i = 0; i < kRatesHz.size(); ++i) {
      Resampler resampler;
      resampler.SetKernel(*ResamplerKernel::Get(kRatesHz[0], kRatesHz[i]));
      Samples there(resampler.MaxOutput(voice.size()));
      there.resize(resampler.Process(voice, there));
      voices_[i] = ToPcm(there);
    }
  }

  static constexpr std::array kRatesHz = {8000, 16000, 24000};
  static constexpr double kWrongRateFactor = 1.5;  // 16 kHz announced as 24
  // Of any reply, at 8 kHz.
  const Pcm& voice() const { return voices_[0]; }

  std::vector<SpokenPiece> Reply() {
    const auto manner = static_cast<Manner>(random_.Between(0, static_cast<int>(kManners) - 1));
    const size_t rate = manner == Manner::kWrongRate ? 1 : static_cast<size_t>(random_.Between(0, 2));
    const int length_ms = manner == Manner::kEmpty ? 0 : random_.Between(200, 8000);
    const Schedule schedule = Draw(manner, kRatesHz[rate], length_ms);
    const int announced_hz = manner == Manner::kWrongRate ? static_cast<int>(kWrongRateFactor * kRatesHz[1]) : kRatesHz[rate];
    std::vector<SpokenPiece> pieces;
    const Pcm said = Words(rate, length_ms);
    size_t at = 0;
    const size_t cut = manner == Manner::kRateChange ? said.size() / 2 : said.size();
    for (const Arrival& arrival : schedule) {
      const size_t count = std::min(arrival.samples, said.size() - at);
      const auto from = said.begin() + static_cast<long>(at);
      // What is left of the reply at another rate is another recording: a seam, but none of ours.
      if (at < cut) pieces.push_back({arrival.at_ms, announced_hz, Pcm(from, from + static_cast<long>(count)), false});
      at += count;
    }
    if (manner == Manner::kRateChange) {
      const size_t other = (rate + 1) % kRatesHz.size();
      const double from_ms = pieces.empty() ? 0.0 : pieces.back().at_ms;
      pieces.push_back({from_ms + 20.0, kRatesHz[other], Words(other, 600), false});
    }
    if (manner != Manner::kNeverEnds) pieces.push_back({pieces.empty() ? 0.0 : pieces.back().at_ms + random_.Between(0, 60), announced_hz, {}, true});
    return pieces;
  }

 private:
  static constexpr int kVoiceMs = 20'000;

  // Without its treble, next to which no click would be noticed.
  static Samples Dulled(Samples voice) {
    const double smoothing = 1.0 - std::exp(-2.0 * std::numbers::pi * 400.0 / kRatesHz[0]);
    for (int pass = 0; pass < 3; ++pass) {
      double smooth = 0.0;
      for (float& sample : voice) sample = static_cast<float>(smooth += smoothing * (sample - smooth));
    }
    SetLevel(voice, -24.0);
    return voice;
  }

  // A stretch of the voice, faded at its ends.
  Pcm Words(size_t rate, int length_ms) {
    const size_t count = SamplesIn(length_ms, kRatesHz[rate]);
    const size_t from = SamplesIn(random_.Between(0, kVoiceMs - 8000), kRatesHz[rate]);
    Pcm words(voices_[rate].begin() + static_cast<long>(from), voices_[rate].begin() + static_cast<long>(from + count));
    const size_t fade = std::min(words.size(), SamplesIn(10, kRatesHz[rate]));
    for (size_t i = 0; i < fade; ++i) {
      const double gain = static_cast<double>(i) / static_cast<double>(fade);
      words[i] = static_cast<int16_t>(words[i] * gain);
      words[words.size() - 1 - i] = static_cast<int16_t>(words[words.size() - 1 - i] * gain);
    }
    return words;
  }

  Schedule Draw(Manner manner, int rate_hz, int length_ms) {
    Paced paced{.rate_hz = rate_hz, .reply_ms = length_ms};
    const double jitter_ms = random_.Between(0, 60);
    const double stalls_at_ms = random_.Between(0, 4000);
    const double stall_ms = random_.Between(20, 500);
    switch (manner) {
      case Manner::kBurst: return MakeBurst(rate_hz, length_ms, 100, 100);
      case Manner::kSentences: return MakeBurst(rate_hz, length_ms, length_ms / random_.Between(1, 4), 1500);
      case Manner::kBigPieces: paced.piece_ms = 100.0; break;
      case Manner::kDrip: paced.piece_ms = 1.0; break;
      case Manner::kDrift: paced.fast_ppm = random_.Chance(0.5) ? 1000.0 : -1000.0; break;
      case Manner::kStalls:
        paced.late_ms = [=](int n) {
          const double due_ms = (n + 1.0) * kFrameMs;
          return due_ms < stalls_at_ms ? 0.0 : std::max(0.0, stalls_at_ms + stall_ms - due_ms);
        };
        break;
      default: paced.late_ms = [=, this](int) { return jitter_ms * random_.Uniform(); };
    }
    return MakePaced(paced);
  }

  Random random_;
  std::array<Pcm, kRatesHz.size()> voices_;
};

}  // namespace talkpath::test
