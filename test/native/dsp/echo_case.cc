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

std::vector<bool> AgentReturns(std::span<const float> far_end, double delay_ms) {
  const std::vector<double> spoken = BlockLevels(far_end, kEchoRateHz);
  const auto late_by = static_cast<size_t>(delay_ms / kBlockMs);
  std::vector<bool> returns(spoken.size());
  for (size_t block = late_by; block < spoken.size(); ++block) returns[block] = spoken[block - late_by] > kActiveDbfs;
  return returns;
}

namespace {

constexpr double kPowerFloor = 1e-12;

double MeanDb(std::span<const double> levels_db) {
  double power = kPowerFloor;
  for (double level : levels_db) power += std::pow(10.0, level / 10.0) / static_cast<double>(levels_db.size());
  return 10.0 * std::log10(power);
}

}  // namespace

std::optional<double> LockMs(const EchoTrace& trace, const std::vector<bool>& returns, double delay_ms, double spread_ms, size_t from) {
  constexpr size_t kHeldBlocks = 300 / kBlockMs;
  constexpr double kLockedDbfs = -50.0;
  const std::vector<double> out = BlockLevels(trace.out, kEchoRateHz);
  const auto holds = [&](size_t first) {
    std::vector<double> residual;
    for (size_t block = first; block < trace.delay_ms.size(); ++block) {
      const double error = trace.delay_ms[block] - delay_ms;
      if (trace.delay_ms[block] < 0.0 || error <= -4.0 || error >= 4.0 + spread_ms) return false;
      if (returns[block]) residual.push_back(out[block]);
      if (residual.size() == kHeldBlocks) return MeanDb(residual) <= kLockedDbfs;
    }
    return false;
  };
  double heard_ms = 0.0;
  for (size_t block = from; block < trace.delay_ms.size(); ++block) {
    if (returns[block]) heard_ms += kBlockMs;
    if (holds(block)) return heard_ms;
  }
  return std::nullopt;
}

size_t SettledFrom(const std::vector<bool>& returns, size_t from) {
  constexpr int kSettledBlocks = 1000 / kBlockMs;
  int heard_blocks = 0;
  for (size_t block = from; block < returns.size(); ++block) {
    if (returns[block] && ++heard_blocks > kSettledBlocks) return block;
  }
  return returns.size();
}

std::optional<double> LossDb(std::span<const float> said, std::span<const float> heard) {
  constexpr size_t kFrame = SamplesPerFrame(kEchoRateHz);
  constexpr double kSaidDbfs = -40.0;
  const size_t lag = FindLag(said, heard, kFrame);
  double said_power = 0.0;
  double kept_power = kPowerFloor;
  for (size_t at = 0; at + kFrame + lag <= std::min(said.size(), heard.size()); at += kFrame) {
    const std::span<const float> frame = said.subspan(at, kFrame);
    if (LevelDbfs(frame) < kSaidDbfs) continue;
    double product = 0.0;
    double power = 0.0;
    for (size_t i = 0; i < kFrame; ++i) {
      product += static_cast<double>(frame[i]) * heard[at + lag + i];
      power += static_cast<double>(frame[i]) * frame[i];
    }
    said_power += power;
    kept_power += std::pow(std::max(product, 0.0), 2.0) / power;
  }
  if (said_power == 0.0) return std::nullopt;
  return 10.0 * std::log10(said_power / kept_power);
}

CallLine LineOfCall(int call, double return_loss_db, bool noisy) {
  static const Samples agent = AgentSpeech(5, 20'000);
  Random random(static_cast<uint64_t>(call) * 77 + 5);
  const double caller_dbfs = -15.0 - 15.0 * random.Uniform();
  const double snr_db = 5.0 + 20.0 * random.Uniform();
  return {.line = {.response = std::isfinite(return_loss_db) ? ScaledToLose(HybridResponse(call % kHybrids), agent) : std::vector<float>(),
                   .return_loss_db = return_loss_db,
                   .delay_ms = random.Between(60, 600),
                   .codec = call % 2 == 0 ? Codec::kAlaw : Codec::kMulaw,
                   .noise_dbfs = noisy ? caller_dbfs - snr_db : -65.0,
                   .seed = static_cast<uint64_t>(call)},
          .caller_dbfs = caller_dbfs};
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

// The caller speaks in the second half: what the canceller takes of him.
std::optional<double> CallerLossDb(const EchoCase& c, const EchoLineSpec& spec, const Samples& far_end) {
  const size_t seed = static_cast<size_t>(c.hybrid * 7 + c.delay_ms / 20);
  Samples caller = CallerSpeech(seed, kCaseMs, -24.0);
  std::fill_n(caller.begin(), caller.size() / 2, 0.0f);
  const auto canceller = std::move(*EchoCanceller::Create(kEchoRateHz, 1200, EchoCancellation::kAuto));
  const EchoTrace trace = RunCanceller(*canceller, ToEchoRate(far_end), ToEchoRate(EchoLine(spec).Process(far_end, caller)));
  return LossDb(ToEchoRate(caller), trace.out);
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

  const std::vector<bool> returns = AgentReturns(far, c.delay_ms);
  EchoCaseResult result{.lock_ms = LockMs(trace, returns, c.delay_ms, kLatestPeakMs)};
  const std::vector<double> line = BlockLevels(trace.line, kEchoRateHz);
  const std::vector<double> out = BlockLevels(trace.out, kEchoRateHz);
  const size_t settled = SettledFrom(returns);
  const std::span<const double> echo = std::span(line).subspan(settled);
  std::vector<double> residual(out.begin() + static_cast<long>(settled), out.end());
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
