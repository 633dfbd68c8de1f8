#include "dsp/echo_case.h"

#include <algorithm>
#include <cmath>

#include "base/audio_format.h"
#include "dsp/resampler.h"
#include "support/hybrids.h"
#include "support/recordings.h"

namespace talkpath::test {
namespace {

constexpr double kActiveDbfs = -50.0;

Samples Resampled(std::span<const float> samples, int input_hz, int output_hz) {
  Resampler resampler;
  resampler.SetKernel(*ResamplerKernel::Get(input_hz, output_hz));
  const size_t block = SamplesPerBlock(input_hz);
  Samples piece(2 * SamplesPerBlock(output_hz) + 16);
  Samples out;
  for (size_t at = 0; at + block <= samples.size(); at += block) {
    const size_t made = resampler.Process(samples.subspan(at, block), piece);
    out.insert(out.end(), piece.begin(), piece.begin() + static_cast<long>(made));
  }
  return out;
}

// The mean level of what is within 30 dB of the loudest 10 ms: pauses do not count.
double ActiveLevelDbfs(std::span<const float> samples, int rate_hz) {
  const std::vector<double> levels = BlockLevels(samples, rate_hz);
  const double loudest = std::ranges::max(levels);
  double power = 0.0;
  int count = 0;
  for (double level : levels) {
    if (level < loudest - 30.0) continue;
    power += std::pow(10.0, level / 10.0);
    ++count;
  }
  return 10.0 * std::log10(power / count);
}

Samples AtLevel(Samples samples, double level_dbfs) {
  const float gain = static_cast<float>(std::pow(10.0, (level_dbfs - ActiveLevelDbfs(samples, 8000)) / 20.0));
  for (float& sample : samples) sample *= gain;
  return samples;
}

}  // namespace

Samples AgentSpeech(size_t first, int duration_ms, double level_dbfs) {
  static const std::vector<Recording> prompts = Recordings::Agent(1500, 12'000);
  const size_t wanted = SamplesIn(duration_ms, 8000);
  Samples speech;
  for (size_t i = first; speech.size() < wanted; ++i) {
    const Samples& prompt = prompts[i % prompts.size()].samples;
    speech.insert(speech.end(), prompt.begin(), prompt.end());
  }
  speech.resize(wanted);
  return AtLevel(std::move(speech), level_dbfs);
}

Samples CallerSpeech(size_t caller, int duration_ms, double level_dbfs) {
  static const std::vector<Recording> callers = Recordings::Callers();
  const Recording& recording = callers[caller % callers.size()];
  const Samples once = recording.rate_hz == 8000 ? recording.samples : Resampled(recording.samples, recording.rate_hz, 8000);
  Samples speech(SamplesIn(duration_ms, 8000));
  for (size_t i = 0; i < speech.size(); ++i) speech[i] = once[i % once.size()];
  return AtLevel(std::move(speech), level_dbfs);
}

Samples ToEchoRate(std::span<const float> at_8khz) { return Resampled(at_8khz, 8000, kEchoRateHz); }

EchoTrace RunCanceller(EchoCanceller& canceller, std::span<const float> far_end, std::span<const float> line) {
  constexpr size_t kBlock = SamplesPerBlock(kEchoRateHz);
  EchoTrace trace{.line = Samples(line.begin(), line.end()), .out = Samples(line.begin(), line.end())};
  for (size_t at = 0; at + kBlock <= std::min(line.size(), far_end.size()); at += kBlock) {
    canceller.AnalyzeFarEnd(far_end.subspan(at, kBlock));
    canceller.Process(std::span(trace.out).subspan(at, kBlock));
    trace.delay_ms.push_back(canceller.echo_found() ? canceller.echo_delay_ms() : -1.0);
  }
  return trace;
}

std::vector<double> BlockLevels(std::span<const float> samples, int rate_hz) {
  const size_t block = SamplesPerBlock(rate_hz);
  std::vector<double> levels;
  for (size_t at = 0; at + block <= samples.size(); at += block) levels.push_back(LevelDbfs(samples.subspan(at, block)));
  return levels;
}

double LockMs(const EchoTrace& trace, std::span<const float> far_end, double delay_ms, double spread_ms, size_t from) {
  const std::vector<double> spoken = BlockLevels(far_end, kEchoRateHz);
  const auto late_by = static_cast<size_t>(delay_ms / kBlockMs);
  double heard_ms = 0.0;
  for (size_t block = from; block < trace.delay_ms.size(); ++block) {
    if (block >= late_by && spoken[block - late_by] > kActiveDbfs) heard_ms += kBlockMs;
    const double error = trace.delay_ms[block] - delay_ms;
    if (trace.delay_ms[block] >= 0.0 && error > -4.0 && error < 4.0 + spread_ms) return heard_ms;
  }
  return -1.0;
}

EchoCase EchoCaseAt(int index) {
  constexpr std::array kReturnLossesDb = {6.0, 10.0, 15.0};
  constexpr std::array kCodecs = {Codec::kNone, Codec::kAlaw, Codec::kMulaw};
  constexpr std::array kDelaysMs = {0, 40, 120, 300, 600, 1000};
  const auto take = [&](int count) {
    const int digit = index % count;
    index /= count;
    return static_cast<size_t>(digit);
  };
  EchoCase c;
  c.delay_ms = kDelaysMs[take(6)];
  c.codec = kCodecs[take(3)];
  c.return_loss_db = kReturnLossesDb[take(3)];
  c.hybrid = static_cast<int>(take(kHybrids));
  return c;
}

std::string NameOf(const EchoCase& c) {
  constexpr std::array kCodecs = {"no codec", "A-law", "µ-law"};
  return "D." + std::to_string(c.hybrid + 2) + ", " + std::to_string(static_cast<int>(c.return_loss_db)) + " dB, " +
         kCodecs[static_cast<size_t>(c.codec)] + ", " + std::to_string(c.delay_ms) + " ms";
}

namespace {

constexpr int kCaseMs = 7000;
constexpr double kPowerFloor = 1e-12;

double MeanDb(std::span<const double> levels_db) {
  double power = kPowerFloor;
  for (double level : levels_db) power += std::pow(10.0, level / 10.0) / static_cast<double>(levels_db.size());
  return 10.0 * std::log10(power);
}

// The caller speaks in the second half, in the blocks that are louder than -40 dBFS: what the canceller takes of him.
double CallerLossDb(const EchoCase& c, const EchoLineSpec& spec, const Samples& far_end) {
  const size_t seed = static_cast<size_t>(c.hybrid * 7 + c.delay_ms / 20);
  Samples caller = CallerSpeech(seed, kCaseMs, -24.0);
  std::fill_n(caller.begin(), caller.size() / 2, 0.0f);
  const auto canceller = std::move(*EchoCanceller::Create(kEchoRateHz, 1200, EchoCancellation::kAuto));
  const EchoTrace trace = RunCanceller(*canceller, ToEchoRate(far_end), ToEchoRate(EchoLine(spec).Process(far_end, caller)));
  const std::vector<double> said = BlockLevels(ToEchoRate(caller), kEchoRateHz);
  const std::vector<double> heard = BlockLevels(trace.out, kEchoRateHz);
  std::vector<double> said_speech;
  std::vector<double> heard_speech;
  for (size_t block = 0; block + 1 < said.size(); ++block) {
    if (said[block] < -40.0) continue;
    said_speech.push_back(said[block]);
    heard_speech.push_back(heard[block + 1]);  // the canceller's delay, nearly
  }
  return MeanDb(said_speech) - MeanDb(heard_speech);
}

}  // namespace

EchoCaseResult RunEchoCase(const EchoCase& c, bool double_talk) {
  const Samples far_end = AgentSpeech(static_cast<size_t>(c.hybrid * 31 + c.delay_ms / 7), kCaseMs);
  const EchoLineSpec spec{.response = ScaledToLose(HybridResponse(c.hybrid), far_end),
                          .return_loss_db = c.return_loss_db,
                          .delay_ms = c.delay_ms,
                          .codec = c.codec,
                          .noise_dbfs = -70.0};
  const Samples far = ToEchoRate(far_end);
  const auto canceller = std::move(*EchoCanceller::Create(kEchoRateHz, 1200, EchoCancellation::kAuto));
  const EchoTrace trace = RunCanceller(*canceller, far, ToEchoRate(EchoLine(spec).Process(far_end)));

  EchoCaseResult result{.lock_ms = LockMs(trace, far, c.delay_ms, kLatestPeakMs)};
  const std::vector<double> spoken = BlockLevels(far, kEchoRateHz);
  const std::vector<double> line = BlockLevels(trace.line, kEchoRateHz);
  const std::vector<double> out = BlockLevels(trace.out, kEchoRateHz);
  const auto late_by = static_cast<size_t>(c.delay_ms / kBlockMs);
  double heard_ms = 0.0;
  std::vector<double> echo;
  std::vector<double> residual;
  for (size_t block = late_by; block < out.size(); ++block) {
    if (spoken[block - late_by] > kActiveDbfs) heard_ms += kBlockMs;
    if (heard_ms <= 1000.0) continue;
    echo.push_back(line[block]);
    residual.push_back(out[block]);
  }
  result.residual_dbfs = MeanDb(residual);
  result.enhancement_db = MeanDb(echo) - result.residual_dbfs;
  std::ranges::sort(residual);
  result.worst_dbfs = residual[residual.size() * 99 / 100];
  for (size_t block = 0; block + 10 <= out.size(); block += 10) {
    result.enhancement_by_100ms.push_back(MeanDb(std::span(line).subspan(block, 10)) - MeanDb(std::span(out).subspan(block, 10)));
  }
  if (double_talk) result.caller_loss_db = CallerLossDb(c, spec, far_end);
  return result;
}

}  // namespace talkpath::test
