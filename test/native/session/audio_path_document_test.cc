// docs/audio-path.md against what the stages state, and its sums against its rows.
#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <map>
#include <regex>
#include <string>
#include <vector>

#include "engine/bell.h"
#include "playout/pacer.h"
#include "session/stage_delays.h"

namespace talkpath {
namespace {

using namespace test;

constexpr int kLocalAgentHz = 16000;
constexpr size_t kProfiles = 3;

struct RangeMs {
  double least = 0.0;
  double most = 0.0;
};
using Row = std::array<RangeMs, kProfiles>;

// Cells of the table's row that begins with `name`, the name left out; empty when there is none below the heading.
std::vector<std::string> Cells(const std::string& file, const std::string& heading, const std::string& name) {
  std::ifstream document(TALKPATH_PROJECT_DIR "/docs/" + file);
  std::string line;
  bool below = false;
  while (std::getline(document, line)) {
    if (line.starts_with("## ") || line.starts_with("### ")) below = line.ends_with(heading);
    if (!below || !line.starts_with("| " + name + " |")) continue;
    std::vector<std::string> cells;
    for (size_t from = line.find('|', 1) + 1, to; (to = line.find('|', from)) != std::string::npos; from = to + 1) {
      cells.push_back(line.substr(from + 1, to - from - 2));
    }
    return cells;
  }
  return {};
}

// "0–10 ms", "2.9 ms" or "off".
RangeMs Parsed(const std::string& cell) {
  std::smatch found;
  if (cell == "off") return {};
  if (!std::regex_match(cell, found, std::regex("([0-9.]+)(?:–([0-9.]+))? ms"))) {
    ADD_FAILURE() << "Expected a figure such as \"0–10 ms\" but received \"" << cell << '"';
    return {};
  }
  const double least = std::stod(found[1]);
  return {least, found[2].matched ? std::stod(found[2]) : least};
}

Row Documented(const std::string& heading, const std::string& name) {
  const std::vector<std::string> cells = Cells("audio-path.md", heading, name);
  Row row;
  if (cells.size() < kProfiles) ADD_FAILURE() << "docs/audio-path.md has no row \"" << name << "\" under " << heading;
  else std::transform(cells.begin(), cells.begin() + kProfiles, row.begin(), Parsed);
  return row;
}

void ExpectRow(const std::string& heading, const std::string& name, const Row& stated) {
  const Row documented = Documented(heading, name);
  for (size_t i = 0; i < kProfiles; ++i) {
    EXPECT_NEAR(documented[i].least, stated[i].least, 0.051) << heading << ": " << name << ", profile " << i;
    EXPECT_NEAR(documented[i].most, stated[i].most, 0.051) << heading << ": " << name << ", profile " << i;
  }
}

void ExpectSum(const std::string& heading, const std::string& name, const std::vector<std::string>& rows) {
  Row sum{};
  for (const std::string& row : rows) {
    const Row part = Documented(heading, row);
    for (size_t i = 0; i < kProfiles; ++i) sum[i] = {sum[i].least + part[i].least, sum[i].most + part[i].most};
  }
  ExpectRow(heading, name, sum);
}

// A built-in profile as docs/configuration.md has it, which a unit test compares with the settings themselves.
SessionConfig Profile(size_t index) {
  const auto cell = [index](const std::string& setting) {
    const std::vector<std::string> cells = Cells("configuration.md", "### `profiles.<name>`", "`" + setting + "`");
    return cells.size() > index + 1 ? cells[index + 1] : "0";
  };
  SessionConfig config{.line_rate_hz = std::stoi(cell("line_rate_hz")), .high_pass_hz = std::stof(cell("high_pass_hz"))};
  if (cell("echo_cancellation") != "never") config.echo_cancellation = EchoCancellation::kAuto;
  if (cell("noise_suppression") != "off") config.noise_suppression = NoiseSuppression::kLow;
  return config;
}

template <typename Figure>
Row OfProfiles(Figure figure) {
  Row row;
  for (size_t i = 0; i < kProfiles; ++i) row[i] = figure(Profile(i));
  return row;
}

Row Everywhere(double least, double most) { return OfProfiles([=](const SessionConfig&) { return RangeMs{least, most}; }); }

TEST(AudioPathDocument, SaysOfTheUplinkWhatItsStagesState) {
  const std::string heading = "Caller to agent";
  const auto stage = [](double UplinkDelaysMs::* part) {
    return OfProfiles([part](const SessionConfig& profile) {
      return RangeMs{UplinkDelays(profile, kLocalAgentHz, Arrival::kFirst).*part, UplinkDelays(profile, kLocalAgentHz, Arrival::kLast).*part};
    });
  };
  ExpectRow(heading, "frame on the wire", Everywhere(kFrameMs, kFrameMs));
  ExpectRow(heading, "until the next tick", Everywhere(0.0, kBlockMs));
  ExpectRow(heading, "to the processing rate", stage(&UplinkDelaysMs::to_processing_rate));
  ExpectRow(heading, "high-pass", stage(&UplinkDelaysMs::high_pass));
  ExpectRow(heading, "noise suppression", stage(&UplinkDelaysMs::noise_suppression));
  ExpectRow(heading, "to the agent's rate", stage(&UplinkDelaysMs::to_agent_rate));
  ExpectRow(heading, "echo cancellation", OfProfiles([](SessionConfig profile) {
              profile.echo_cancellation = EchoCancellation::kAlways;
              const double ms = UplinkDelays(profile, kLocalAgentHz).echo_cancellation;
              return RangeMs{ms, ms};
            }));
}

// Waking a Node thread takes up to half a millisecond and a tick of fifty calls up to one, as measured; the bell states
// the rest.
TEST(AudioPathDocument, SaysHowLateTheDoorbellMayRing) {
  ExpectRow("Caller to agent", "doorbell to the control thread", Everywhere(0.1, 1.0 + 0.5));
  ExpectRow("Agent to caller", "doorbell, one write", Everywhere(0.1, Bell::kLongestExpectationMs + 0.5));
}

TEST(AudioPathDocument, SumsTheUplinkUp) {
  const std::vector<std::string> rows = {"until the next tick", "to the processing rate", "high-pass", "noise suppression",
                                         "to the agent's rate", "doorbell to the control thread"};
  ExpectSum("Caller to agent", "**own delay**", rows);
  ExpectSum("Caller to agent", "**own delay, echo cancelled**", {"**own delay**", "echo cancellation"});
}

TEST(AudioPathDocument, SaysOfTheDownlinkWhatItsStagesState) {
  const std::string heading = "Agent to caller";
  ExpectRow(heading, "until the next frame is due", Everywhere(0.0, Pacer::kMostDelayMs));
  ExpectRow(heading, "to the line's rate", OfProfiles([](const SessionConfig& profile) {
              const auto ms = [&profile](int voice_hz, Arrival arrival) { return ResamplingMs(voice_hz, profile.line_rate_hz, arrival); };
              return RangeMs{std::min(ms(16000, Arrival::kFirst), ms(24000, Arrival::kFirst)),
                             std::max(ms(16000, Arrival::kLast), ms(24000, Arrival::kLast))};
            }));
}

TEST(AudioPathDocument, SumsTheDownlinkUp) {
  ExpectSum("Agent to caller", "**own delay**", {"until the next frame is due", "to the line's rate", "doorbell, one write"});
}

}  // namespace
}  // namespace talkpath
