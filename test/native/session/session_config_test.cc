#include "session/session_config.h"

#include <gtest/gtest.h>

#include <functional>
#include <limits>

#include "session/session.h"

namespace talkpath {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

// A setting, its range as an error tells it, and how a value is set.
struct Setting {
  const char* name;
  const char* range;
  double least;
  double most;
  std::function<void(SessionConfig&, double)> set;
};

const Setting kIntegers[] = {
    {"noise_suppression", "integer between 0 and 3", 0, 3, [](SessionConfig& c, double v) { c.noise_suppression = static_cast<NoiseSuppression>(v); }},
    {"echo_cancellation", "integer between 0 and 2", 0, 2, [](SessionConfig& c, double v) { c.echo_cancellation = static_cast<EchoCancellation>(v); }},
    {"echo_max_delay_ms", "integer between 100 and 1200", 100, 1200, [](SessionConfig& c, double v) { c.echo_max_delay_ms = static_cast<int>(v); }},
    {"voice_mode", "integer between 0 and 3", 0, 3, [](SessionConfig& c, double v) { c.voice_mode = static_cast<int>(v); }},
    {"speech_onset_ms", "integer between 20 and 400", 20, 400, [](SessionConfig& c, double v) { c.speech.onset_ms = static_cast<int>(v); }},
    {"speech_slow_onset_ms", "integer between 20 and 400", 20, 400, [](SessionConfig& c, double v) { c.speech.slow_onset_ms = static_cast<int>(v); }},
    {"speech_hangover_ms", "integer between 50 and 2000", 50, 2000, [](SessionConfig& c, double v) { c.speech.hangover_ms = static_cast<int>(v); }},
};

const Setting kNumbers[] = {
    {"high_pass_hz", "number between 20 and 400", 20, 400, [](SessionConfig& c, double v) { c.high_pass_hz = static_cast<float>(v); }},
    {"comfort_noise_dbfs", "0 or a number between -70 and -40", -70, -40, [](SessionConfig& c, double v) { c.comfort_noise_dbfs = static_cast<float>(v); }},
};

SessionConfig With(const Setting& setting, double value) {
  SessionConfig config;
  setting.set(config, value);
  return config;
}

void ExpectRefused(const Setting& setting, double value, const std::string& shown) {
  const Result<void> valid = Validate(With(setting, value));
  ASSERT_FALSE(valid) << setting.name << " " << shown;
  EXPECT_EQ(valid.error().message, std::string("Expected ") + setting.range + " for " + setting.name + " but received " + shown);
}

TEST(SessionConfig, IsValidAsItComes) { EXPECT_TRUE(Validate({})); }

TEST(SessionConfig, TakesBothEndsOfEveryRangeAndMakesASessionOfThem) {
  for (const auto& settings : {std::span<const Setting>(kIntegers), std::span<const Setting>(kNumbers)}) {
    for (const Setting& setting : settings) {
      for (double value : {setting.least, setting.most}) EXPECT_TRUE(Session::Create(With(setting, value))) << setting.name << " " << value;
    }
  }
  EXPECT_TRUE(Validate({.comfort_noise_dbfs = 0.0f})) << "none";
  EXPECT_TRUE(Validate({.speech = {.onset_ms = 400, .slow_onset_ms = 100}})) << "the longer of the two counts";
}

TEST(SessionConfig, RefusesWhatIsBeyondARangeByNameValueAndRange) {
  for (const Setting& setting : kIntegers) {
    for (double value : {setting.least - 1, setting.most + 1, -1e9, 1e9}) {
      ExpectRefused(setting, value, std::to_string(static_cast<int>(value)));
    }
  }
  for (const Setting& setting : kNumbers) {
    ExpectRefused(setting, setting.least - 0.5, setting.least < 0 ? "-70.5" : "19.5");
    ExpectRefused(setting, setting.most + 0.5, setting.least < 0 ? "-39.5" : "400.5");
  }
}

TEST(SessionConfig, RefusesWhatIsNoNumber) {
  for (const Setting& setting : kNumbers) {
    ExpectRefused(setting, kNan, "NaN");
    ExpectRefused(setting, kInfinity, "Infinity");
    ExpectRefused(setting, -kInfinity, "-Infinity");
  }
}

TEST(SessionConfig, RefusesARateThatNoLineHas) {
  for (int rate_hz : {0, -8000, 11025, 48000}) {
    const Result<void> valid = Validate({.line_rate_hz = rate_hz});
    ASSERT_FALSE(valid);
    EXPECT_EQ(valid.error().message, "Expected one of 8000, 16000, 24000 for line_rate_hz but received " + std::to_string(rate_hz));
  }
}

}  // namespace
}  // namespace talkpath
