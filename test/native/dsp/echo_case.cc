#include "dsp/echo_case.h"

#include <algorithm>
#include <cmath>

#include "base/audio_format.h"
#include "dsp/resampler.h"
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

}  // namespace talkpath::test
