#include "dsp/voice_detector.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "base/audio_format.h"
#include "base/realtime.h"
#include "dsp/resampler.h"
#include "dsp/speech_tracker.h"
#include "support/recordings.h"
#include "support/signals.h"
#include "support/test_names.h"

namespace talkpath {
namespace {

using namespace test;

constexpr const char* kPrompt = "usr/share/asterisk/sounds/en_US_f_Allison/demo-congrats.wav";
constexpr const char* kMan = "usr/share/codec2/raw/hts1.raw";

std::unique_ptr<VoiceDetector> Detector(int rate_hz, int mode = 2) { return std::move(*VoiceDetector::Create(rate_hz, mode)); }

Samples AtRate(const Recording& recording, int rate_hz) {
  Resampler resampler;
  resampler.SetKernel(*ResamplerKernel::Get(recording.rate_hz, rate_hz));
  Samples out(resampler.MaxOutput(recording.samples.size()));
  out.resize(resampler.Process(recording.samples, out));
  return out;
}

Samples Voice(const char* path, int rate_hz, double level_dbfs = -24.0) {
  Samples samples = AtRate(Recordings::Read(path), rate_hz);
  SetLevel(samples, level_dbfs);
  return samples;
}

std::vector<VoiceDecision> Decide(VoiceDetector& detector, std::span<const float> samples, int rate_hz) {
  std::vector<VoiceDecision> decisions;
  const size_t block = SamplesPerBlock(rate_hz);
  decisions.reserve(samples.size() / block);
  const RealtimeSection section;
  for (size_t at = 0; at + block <= samples.size(); at += block) decisions.push_back(detector.Process(samples.subspan(at, block)));
  return decisions;
}

double Share(const std::vector<VoiceDecision>& decisions, const std::function<bool(size_t)>& where = [](size_t) { return true; }) {
  double hits = 0;
  double all = 0;
  for (size_t i = 0; i < decisions.size(); ++i) {
    if (!where(i)) continue;
    ++all;
    hits += decisions[i].speech;
  }
  return hits / all;
}

// Blocks within 20 dB of the whole's level, told by energy.
std::function<bool(size_t)> LoudBlocks(std::span<const float> samples, int rate_hz) {
  const size_t block = SamplesPerBlock(rate_hz);
  return [=, least = LevelDbfs(samples) - 20.0](size_t i) { return LevelDbfs(samples.subspan(i * block, block)) > least; };
}

// What the engine would take for the caller's voice.
int Starts(std::span<const float> samples, int rate_hz, int mode = 2) {
  const auto detector = Detector(rate_hz, mode);
  SpeechTracker tracker({});
  int starts = 0;
  for (const VoiceDecision& decision : Decide(*detector, samples, rate_hz)) starts += tracker.Process(decision.speech) == SpeechChange::kStarted;
  return starts;
}

Samples Joined(std::initializer_list<Samples> parts) {
  Samples whole;
  for (const Samples& part : parts) whole.insert(whole.end(), part.begin(), part.end());
  return whole;
}

Samples Together(Samples a, const Samples& b) {
  for (size_t i = 0; i < std::min(a.size(), b.size()); ++i) a[i] += b[i];
  return a;
}

class VoiceDetectorAtRate : public testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(, VoiceDetectorAtRate, testing::ValuesIn(VoiceDetector::kRatesHz), kByNumber);

TEST_P(VoiceDetectorAtRate, HearsAWomanAndAMan) {
  TALKPATH_NEEDS_RECORDINGS();
  for (const char* path : {kPrompt, kMan}) {
    const Samples voice = Voice(path, GetParam());
    EXPECT_GE(Share(Decide(*Detector(GetParam()), voice, GetParam()), LoudBlocks(voice, GetParam())), 0.8) << path << ", the ends of words among them";
  }
}

TEST_P(VoiceDetectorAtRate, HearsQuietSpeech) {
  TALKPATH_NEEDS_RECORDINGS();
  const Samples voice = Voice(kPrompt, GetParam(), -42.0);
  EXPECT_GE(Share(Decide(*Detector(GetParam()), voice, GetParam()), LoudBlocks(voice, GetParam())), 0.8);
}

TEST_P(VoiceDetectorAtRate, HearsNothingInSilence) {
  EXPECT_EQ(Share(Decide(*Detector(GetParam()), Samples(SamplesIn(5000, GetParam()), 0.0f), GetParam())), 0.0);
}

TEST_P(VoiceDetectorAtRate, HearsNothingInNoiseThatIsSuddenlyThere) {
  Random random(1);
  for (double dbfs : {-55.0, -40.0, -25.0}) {
    const Samples line = Joined({Samples(SamplesIn(2000, GetParam()), 0.0f), Noise(dbfs, SamplesIn(10'000, GetParam()), random)});
    EXPECT_EQ(Starts(line, GetParam()), 0) << dbfs << " dBFS after silence";
    EXPECT_EQ(Starts(Noise(dbfs, SamplesIn(5000, GetParam()), random), GetParam()), 0) << dbfs << " dBFS from the first block on";
  }
}

TEST_P(VoiceDetectorAtRate, HearsNothingInASteadyTone) {
  for (double hz : {200.0, 425.0, 1000.0, 2100.0}) {
    const Samples line = Joined({Samples(SamplesIn(1000, GetParam()), 0.0f), Tone(hz, -20.0, GetParam(), SamplesIn(5000, GetParam()))});
    EXPECT_EQ(Starts(line, GetParam()), 0) << hz << " Hz";
  }
}

TEST_P(VoiceDetectorAtRate, SaysNothingOfWhatIsNoBlock) {
  const VoiceDecision decision = Detector(GetParam())->Process(Samples(SamplesPerBlock(GetParam()) + 1, 1000.0f));
  EXPECT_FALSE(decision.speech);
  EXPECT_EQ(decision.probability, 0.0f);
}

TEST(VoiceDetector, HearsNoSpeechInDigitsNorInTheTonesOfANetwork) {
  const int rate_hz = 8000;
  const Samples pause(SamplesIn(100, rate_hz), 0.0f);
  Samples digits;
  for (double low : {697.0, 770.0, 852.0, 941.0}) {
    for (double high : {1209.0, 1336.0, 1477.0}) {
      const size_t count = SamplesIn(100, rate_hz);
      digits = Joined({digits, Together(Tone(low, -16.0, rate_hz, count), Tone(high, -14.0, rate_hz, count)), pause});
    }
  }
  EXPECT_EQ(Starts(digits, rate_hz), 0) << "twelve digits";
  const auto ring = [&](double a, double b, int ms) { return Together(Tone(a, -18.0, rate_hz, SamplesIn(ms, rate_hz)), Tone(b, -18.0, rate_hz, SamplesIn(ms, rate_hz))); };
  const Samples gap(SamplesIn(500, rate_hz), 0.0f);
  EXPECT_EQ(Starts(Joined({ring(440, 480, 2000), gap, ring(440, 480, 2000)}), rate_hz), 0) << "ring-back";
  EXPECT_EQ(Starts(Joined({ring(480, 620, 500), gap, ring(480, 620, 500), gap, ring(480, 620, 500)}), rate_hz), 0) << "busy";
  EXPECT_EQ(Starts(Joined({Tone(950, -16, rate_hz, 2640), Tone(1400, -16, rate_hz, 2640), Tone(1800, -16, rate_hz, 2640)}), rate_hz), 0) << "no such number";
  EXPECT_EQ(Starts(Tone(2100, -14, rate_hz, 16'000), rate_hz), 0) << "a fax";
}

TEST(VoiceDetector, HearsLittleInMusicOnHold) {
  TALKPATH_NEEDS_RECORDINGS();
  int starts = 0;
  double minutes = 0.0;
  for (const char* name : {"manolo_camp-morning_coffee.wav", "reno_project-system.wav"}) {
    const Recording music = Recordings::Read(std::string("usr/share/asterisk/moh/") + name);
    starts += Starts(music.samples, music.rate_hz);
    minutes += static_cast<double>(music.samples.size()) / music.rate_hz / 60.0;
  }
  EXPECT_GT(minutes, 6.0);
  EXPECT_LE(starts / minutes, 6.0) << starts << " in " << minutes << " minutes";
}

TEST(VoiceDetector, HearsSpeechInNoise) {
  TALKPATH_NEEDS_RECORDINGS();
  Random random(3);
  const Samples voice = Voice(kPrompt, 8000);
  const Samples line = Together(voice, Noise(-39.0, voice.size(), random));
  const auto decisions = Decide(*Detector(8000), line, 8000);
  EXPECT_GE(Share(decisions, LoudBlocks(voice, 8000)), 0.85);
}

TEST(VoiceDetector, NoticesSpeechWithin60MsAndItsEndWithin150) {
  TALKPATH_NEEDS_RECORDINGS();
  std::vector<int> onsets;
  std::vector<int> offsets;
  for (const Recording& prompt : Recordings::Agent(900, 2500)) {
    const auto loud = LoudBlocks(prompt.samples, 8000);
    const size_t blocks = prompt.samples.size() / 80;
    size_t first = 0;
    while (first < blocks && !loud(first)) ++first;
    size_t last = blocks - 1;
    while (last > first && !loud(last)) --last;
    const auto decisions = Decide(*Detector(8000), Joined({Samples(8000, 0.0f), prompt.samples, Samples(8000, 0.0f)}), 8000);
    size_t heard = 100 + first;
    while (heard < 100 + last && !decisions[heard].speech) ++heard;
    size_t quiet = 101 + last;
    while (quiet < decisions.size() && decisions[quiet].speech) ++quiet;
    onsets.push_back(static_cast<int>(heard - first - 99) * kBlockMs);
    offsets.push_back(static_cast<int>(quiet - last - 101) * kBlockMs);
  }
  ASSERT_GT(onsets.size(), 100u);
  std::ranges::sort(onsets);
  std::ranges::sort(offsets);
  EXPECT_LE(onsets[onsets.size() * 95 / 100], 60);
  EXPECT_LE(offsets[offsets.size() * 95 / 100], 150);
}

TEST(VoiceDetector, HearsACallThatBeginsInTheMiddleOfAWord) {
  TALKPATH_NEEDS_RECORDINGS();
  const Samples voice = Voice(kPrompt, 8000);
  const auto decisions = Decide(*Detector(8000), std::span(voice).subspan(SamplesIn(1500, 8000)), 8000);
  EXPECT_TRUE(std::any_of(decisions.begin(), decisions.begin() + 30, [](const VoiceDecision& decision) { return decision.speech; }));
}

TEST(VoiceDetector, HearsWordsThatComeInTheirMiddleAfterDigitalSilence) {
  TALKPATH_NEEDS_RECORDINGS();
  constexpr size_t kSilence = 100;  // blocks
  constexpr size_t kWord = 40;
  std::vector<size_t> heard_after;  // blocks; kWord if never
  for (const Recording& prompt : Recordings::Agent(900, 2500)) {
    const auto loud = LoudBlocks(prompt.samples, 8000);
    const size_t first = prompt.samples.size() / 80 / 3;
    if (!loud(first) || !loud(first - 1)) continue;
    const Samples word(prompt.samples.begin() + first * 80, prompt.samples.begin() + (first + kWord) * 80);
    const auto decisions = Decide(*Detector(8000), Joined({Samples(kSilence * 80, 0.0f), word}), 8000);
    const auto heard = std::find_if(decisions.begin() + kSilence, decisions.end(), [](const VoiceDecision& decision) { return decision.speech; });
    heard_after.push_back(static_cast<size_t>(heard - decisions.begin()) - kSilence);
  }
  ASSERT_GT(heard_after.size(), 100u);
  std::ranges::sort(heard_after);
  EXPECT_LE((heard_after[heard_after.size() / 2] + 1) * kBlockMs, 60u);
  EXPECT_LE((heard_after[heard_after.size() * 9 / 10] + 1) * kBlockMs, 250u);
}

TEST(VoiceDetector, BelievesLessInAHigherMode) {
  TALKPATH_NEEDS_RECORDINGS();
  Random random(4);
  Samples line = Voice(kPrompt, 8000);
  line = Together(line, Noise(-30.0, line.size(), random));
  double last = 1.0;
  for (int mode : {0, 1, 2, 3}) {
    const auto decisions = Decide(*Detector(8000, mode), line, 8000);
    EXPECT_LT(Share(decisions), last) << mode;
    last = Share(decisions);
  }
}

TEST(VoiceDetector, SaysTheSameOfTheSameInEveryMode) {
  TALKPATH_NEEDS_RECORDINGS();
  const Samples voice = Voice(kMan, 8000);
  const auto careful = Decide(*Detector(8000, 3), voice, 8000);
  const auto keen = Decide(*Detector(8000, 0), voice, 8000);
  for (size_t i = 0; i < careful.size(); ++i) {
    ASSERT_EQ(careful[i].probability, keen[i].probability) << i;
    ASSERT_GE(careful[i].probability, 0.0f);
    ASSERT_LE(careful[i].probability, 1.0f);
  }
}

TEST(VoiceDetector, StaysSaneWhateverItIsGiven) {
  const auto detector = Detector(8000);
  Random random(6);
  for (float value : {32767.0f, -32768.0f, 1e9f, 0.0f, 1e-30f}) {
    for (int i = 0; i < 50; ++i) EXPECT_TRUE(std::isfinite(detector->Process(Samples(80, value)).probability)) << value;
    for (int i = 0; i < 50; ++i) EXPECT_TRUE(std::isfinite(detector->Process(Noise(0.0, 80, random)).probability)) << value;
  }
}

TEST(VoiceDetector, DelaysItsDecisionByNoMoreThanThreeMilliseconds) {
  for (int rate_hz : VoiceDetector::kRatesHz) EXPECT_LE(Detector(rate_hz)->DelaySeconds(), 0.003) << rate_hz;
  EXPECT_EQ(Detector(8000)->DelaySeconds(), 0.0);
}

TEST(VoiceDetector, NamesTheSettingThatItRefuses) {
  for (int rate_hz : {0, 11025, 22050, 96000}) {
    const auto rate = VoiceDetector::Create(rate_hz, 2);
    ASSERT_FALSE(rate);
    EXPECT_NE(rate.error().message.find("received " + std::to_string(rate_hz)), std::string::npos);
  }
  for (int mode : {-1, 4}) {
    const auto refused = VoiceDetector::Create(8000, mode);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message.find("received " + std::to_string(mode)), std::string::npos);
  }
}

}  // namespace
}  // namespace talkpath
