#include "dsp/voice_detector.h"

#include <gtest/gtest.h>

#include "base/audio_format.h"
#include "support/signals.h"
#include "support/speech_like.h"
#include "support/test_names.h"

namespace talkpath {
namespace {

using namespace test;

std::unique_ptr<VoiceDetector> Detector(int rate_hz, int mode = 2) { return std::move(*VoiceDetector::Create(rate_hz, mode)); }

std::vector<bool> Decide(VoiceDetector& detector, std::span<const float> samples, int rate_hz) {
  std::vector<bool> decisions;
  const size_t block = SamplesPerBlock(rate_hz);
  for (size_t at = 0; at + block <= samples.size(); at += block) decisions.push_back(detector.Process(samples.subspan(at, block)).speech);
  return decisions;
}

double Share(const std::vector<bool>& decisions) {
  return static_cast<double>(std::count(decisions.begin(), decisions.end(), true)) / static_cast<double>(decisions.size());
}

double ShareWhere(const std::vector<bool>& decisions, const std::vector<bool>& active) {
  double hits = 0;
  double all = 0;
  for (size_t i = 0; i < decisions.size(); ++i) {
    all += active[i];
    hits += active[i] && decisions[i];
  }
  return hits / all;
}

class VoiceDetectorAtRate : public testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(, VoiceDetectorAtRate, testing::Values(8000, 16000, 32000, 48000), kByNumber);

TEST_P(VoiceDetectorAtRate, HearsSpeech) {
  const int rate_hz = GetParam();
  const SpeechLike speech = MakeSpeechLike({.rate_hz = rate_hz, .duration_ms = 10'000});
  EXPECT_GE(ShareWhere(Decide(*Detector(rate_hz), speech.samples, rate_hz), speech.active_blocks), 0.8);
}

TEST_P(VoiceDetectorAtRate, HearsQuietSpeech) {
  const int rate_hz = GetParam();
  const SpeechLike speech = MakeSpeechLike({.rate_hz = rate_hz, .duration_ms = 10'000, .level_dbfs = -40.0});
  EXPECT_GE(ShareWhere(Decide(*Detector(rate_hz), speech.samples, rate_hz), speech.active_blocks), 0.75);
}

TEST_P(VoiceDetectorAtRate, HearsNothingInSilence) {
  const int rate_hz = GetParam();
  EXPECT_EQ(Share(Decide(*Detector(rate_hz), Samples(SamplesIn(5000, rate_hz), 0.0f), rate_hz)), 0.0);
}

TEST_P(VoiceDetectorAtRate, HearsNothingInTheNoiseOfALine) {
  const int rate_hz = GetParam();
  Random random(1);
  EXPECT_LE(Share(Decide(*Detector(rate_hz), Noise(-55.0, SamplesIn(10'000, rate_hz), random), rate_hz)), 0.01);
}

TEST_P(VoiceDetectorAtRate, DoesNotTakeTheFirstNoiseOfALineForSpeech) {
  const int rate_hz = GetParam();
  Random random(5);
  for (int mode : {2, 3}) {  // the others take much noise for speech at any time
    for (const Samples& line : {Noise(-45.0, SamplesIn(500, rate_hz), random), Tone(425.0, -25.0, rate_hz, SamplesIn(500, rate_hz))}) {
      EXPECT_EQ(Share(Decide(*Detector(rate_hz, mode), line, rate_hz)), 0.0) << "mode " << mode;
    }
  }
}

TEST_P(VoiceDetectorAtRate, HearsACallThatBeginsWithSpeech) {
  const int rate_hz = GetParam();
  const SpeechLike speech = MakeSpeechLike({.rate_hz = rate_hz, .duration_ms = 1000, .pause_ms = 0});
  const std::vector<bool> decisions = Decide(*Detector(rate_hz), speech.samples, rate_hz);
  EXPECT_TRUE(std::find(decisions.begin(), decisions.begin() + 20, true) != decisions.begin() + 20) << "within 200 ms";
}

TEST_P(VoiceDetectorAtRate, StopsHearingSpeechInSteadyNoise) {
  const int rate_hz = GetParam();
  Random random(2);
  const auto detector = Detector(rate_hz);
  Decide(*detector, Noise(-35.0, SamplesIn(20'000, rate_hz), random), rate_hz);
  EXPECT_LE(Share(Decide(*detector, Noise(-35.0, SamplesIn(10'000, rate_hz), random), rate_hz)), 0.02);
}

TEST_P(VoiceDetectorAtRate, StopsHearingSpeechInASteadyTone) {
  const int rate_hz = GetParam();
  const auto detector = Detector(rate_hz);
  const Samples tone = Tone(425.0, -25.0, rate_hz, SamplesIn(30'000, rate_hz));
  const size_t settling = SamplesIn(20'000, rate_hz);
  Decide(*detector, std::span(tone).first(settling), rate_hz);
  EXPECT_EQ(Share(Decide(*detector, std::span(tone).subspan(settling), rate_hz)), 0.0);
}

TEST_P(VoiceDetectorAtRate, HearsSpeechInNoise) {
  const int rate_hz = GetParam();
  Random random(3);
  SpeechLike speech = MakeSpeechLike({.rate_hz = rate_hz, .duration_ms = 20'000, .level_dbfs = -24.0});
  const Samples noise = Noise(-44.0, speech.samples.size(), random);
  for (size_t i = 0; i < noise.size(); ++i) speech.samples[i] += noise[i];
  EXPECT_GE(ShareWhere(Decide(*Detector(rate_hz), speech.samples, rate_hz), speech.active_blocks), 0.85);
}

TEST(VoiceDetector, MeasuresTheLevel) {
  const auto detector = Detector(8000);
  EXPECT_NEAR(detector->Process(Tone(1000.0, -10.0, 8000, 80)).level_dbfs, -13.01, 0.1);
  EXPECT_LE(detector->Process(Samples(80, 0.0f)).level_dbfs, -99.0);
}

TEST(VoiceDetector, SaysThatABlockIsTooQuietForSpeechWithoutTakingNoteOfIt) {
  Random random(4);
  const auto detector = Detector(8000);
  const Samples noise = Noise(-40.0, 80, random);
  for (int i = 0; i < 5000; ++i) EXPECT_FALSE(detector->IsTooQuiet(noise)) << "asking does not make it the noise of the line";
  EXPECT_TRUE(detector->IsTooQuiet(Samples(80, 0.0f)));
  Decide(*detector, Noise(-40.0, 80 * 2000, random), 8000);
  EXPECT_TRUE(detector->IsTooQuiet(noise)) << "20 s of it do";
}

TEST(VoiceDetector, NeverTakesAQuietBlockForSpeech) {
  const SpeechLike speech = MakeSpeechLike({.rate_hz = 8000, .duration_ms = 5'000, .level_dbfs = -62.0});
  EXPECT_EQ(Share(Decide(*Detector(8000, 0), speech.samples, 8000)), 0.0);
}

TEST(VoiceDetector, NamesTheSettingThatItRefuses) {
  const auto rate = VoiceDetector::Create(24000, 2);
  ASSERT_FALSE(rate);
  EXPECT_NE(rate.error().message.find("24000"), std::string::npos);
  const auto mode = VoiceDetector::Create(8000, 4);
  ASSERT_FALSE(mode);
  EXPECT_NE(mode.error().message.find("received 4"), std::string::npos);
}

}  // namespace
}  // namespace talkpath
