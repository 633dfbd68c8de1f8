// Our live resampler beside those that could stand in its place: speexdsp and libsoxr, pair by pair. Quality by the
// measurements of test/native, cost of the same 20 ms frames of int16 in the same run, in turns.
//   resampler_candidates [IN-OUT ...]      rates in Hz, such as 8000-16000; prints JSON
#include <soxr.h>
#include <speex/speex_resampler.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/pcm.h"
#include "dsp/resampler.h"
#include "dsp/resampler_figures.h"

namespace {

using namespace talkpath;
using namespace talkpath::test;

// One stream. `in` is a frame; returns how many samples came out.
class Candidate {
 public:
  virtual ~Candidate() = default;
  virtual size_t Process(std::span<const float> in, std::span<float> out) = 0;
  virtual size_t Process(std::span<const int16_t> in, std::span<int16_t> out) = 0;
};

class Ours : public Candidate {
 public:
  explicit Ours(RatePair pair) : resampler_(ResamplerFor(pair)), in_(SamplesPerFrame(pair.in_hz)), out_(resampler_.MaxOutput(in_.size())) {}

  size_t Process(std::span<const float> in, std::span<float> out) override { return resampler_.Process(in, out); }
  size_t Process(std::span<const int16_t> in, std::span<int16_t> out) override {
    ToFloat(in, in_);
    const size_t count = resampler_.Process(std::span(in_).first(in.size()), out_);
    (void)ToInt16(std::span(out_).first(count), out);
    return count;
  }

 private:
  Resampler resampler_;
  Samples in_;
  Samples out_;
};

class Speex : public Candidate {
 public:
  Speex(RatePair pair, int quality) {
    int error = 0;
    state_.reset(speex_resampler_init(1, static_cast<spx_uint32_t>(pair.in_hz), static_cast<spx_uint32_t>(pair.out_hz), quality, &error));
    if (error != RESAMPLER_ERR_SUCCESS) std::abort();
  }

  size_t Process(std::span<const float> in, std::span<float> out) override {
    auto taken = static_cast<spx_uint32_t>(in.size());
    auto made = static_cast<spx_uint32_t>(out.size());
    speex_resampler_process_float(state_.get(), 0, in.data(), &taken, out.data(), &made);
    return taken == in.size() ? made : (std::abort(), 0);
  }
  size_t Process(std::span<const int16_t> in, std::span<int16_t> out) override {
    auto taken = static_cast<spx_uint32_t>(in.size());
    auto made = static_cast<spx_uint32_t>(out.size());
    speex_resampler_process_int(state_.get(), 0, in.data(), &taken, out.data(), &made);
    return taken == in.size() ? made : (std::abort(), 0);
  }

 private:
  struct Destroy {
    void operator()(SpeexResamplerState* state) const { speex_resampler_destroy(state); }
  };
  std::unique_ptr<SpeexResamplerState, Destroy> state_;
};

struct SoxrRecipe {
  soxr_quality_spec_t quality;
  soxr_runtime_spec_t runtime;
};

SoxrRecipe Stock(unsigned long recipe) { return {soxr_quality_spec(recipe, 0), soxr_runtime_spec(1)}; }

// What of libsoxr comes nearest to a live path: the widest transition that keeps the passband clean, the shortest
// transforms.
SoxrRecipe Tuned() {
  SoxrRecipe recipe = Stock(SOXR_HQ);
  recipe.quality.precision = 16;
  recipe.quality.passband_end = 0.85;
  recipe.quality.stopband_begin = 1.15;
  recipe.runtime.log2_min_dft_size = recipe.runtime.log2_large_dft_size = 8;
  return recipe;
}

class Soxr : public Candidate {
 public:
  Soxr(RatePair pair, SoxrRecipe recipe) {
    floats_.reset(Create(pair, recipe, SOXR_FLOAT32_I));
    ints_.reset(Create(pair, recipe, SOXR_INT16_I));
  }

  size_t Process(std::span<const float> in, std::span<float> out) override { return Run(floats_.get(), in, out); }
  size_t Process(std::span<const int16_t> in, std::span<int16_t> out) override { return Run(ints_.get(), in, out); }

 private:
  struct Delete {
    void operator()(soxr_t resampler) const { soxr_delete(resampler); }
  };
  using Handle = std::unique_ptr<std::remove_pointer_t<soxr_t>, Delete>;

  static soxr_t Create(RatePair pair, const SoxrRecipe& recipe, soxr_datatype_t type) {
    soxr_io_spec_t format = soxr_io_spec(type, type);
    format.flags = SOXR_NO_DITHER;
    soxr_error_t error = nullptr;
    const soxr_t made = soxr_create(pair.in_hz, pair.out_hz, 1, &error, &format, &recipe.quality, &recipe.runtime);
    return error ? (std::abort(), nullptr) : made;
  }
  template <typename Sample>
  static size_t Run(soxr_t resampler, std::span<const Sample> in, std::span<Sample> out) {
    size_t taken = 0;
    size_t made = 0;
    soxr_process(resampler, in.data(), in.size(), &taken, out.data(), out.size(), &made);
    return taken == in.size() ? made : (std::abort(), 0);
  }

  Handle floats_;
  Handle ints_;
};

struct Named {
  const char* name;
  std::unique_ptr<Candidate> (*make)(RatePair);
  int settling_ms;
};

template <int quality>
std::unique_ptr<Candidate> MakeSpeex(RatePair pair) {
  return std::make_unique<Speex>(pair, quality);
}

const Named kCandidates[] = {
    {"talkpath", [](RatePair pair) -> std::unique_ptr<Candidate> { return std::make_unique<Ours>(pair); }, 30},
    {"speexdsp q3", MakeSpeex<3>, 50},
    {"speexdsp q4", MakeSpeex<4>, 50},
    {"speexdsp q5", MakeSpeex<5>, 50},
    {"speexdsp q6", MakeSpeex<6>, 50},
    {"speexdsp q7", MakeSpeex<7>, 50},
    {"speexdsp q8", MakeSpeex<8>, 50},
    {"speexdsp q9", MakeSpeex<9>, 50},
    {"speexdsp q10", MakeSpeex<10>, 50},
    {"soxr tuned", [](RatePair pair) -> std::unique_ptr<Candidate> { return std::make_unique<Soxr>(pair, Tuned()); }, 100},
    {"soxr HQ", [](RatePair pair) -> std::unique_ptr<Candidate> { return std::make_unique<Soxr>(pair, Stock(SOXR_HQ)); }, 400},
    {"soxr VHQ", [](RatePair pair) -> std::unique_ptr<Candidate> { return std::make_unique<Soxr>(pair, Stock(SOXR_VHQ)); }, 400},
};
constexpr size_t kCandidateCount = std::size(kCandidates);

// Room for all that a stream may give at once, after having withheld.
size_t MostOutput(RatePair pair) { return SamplesIn(1000, pair.out_hz); }

Samples ThroughFresh(const Named& candidate, RatePair pair, std::span<const float> in) {
  const auto stream = candidate.make(pair);
  Samples out;
  Samples more(MostOutput(pair));
  for (size_t at = 0; at < in.size(); at += SamplesPerFrame(pair.in_hz)) {
    const size_t made = stream->Process(in.subspan(at, std::min(SamplesPerFrame(pair.in_hz), in.size() - at)), more);
    out.insert(out.end(), more.begin(), more.begin() + static_cast<long>(made));
  }
  return out;
}

double Percentile(std::vector<double> values, double share) {
  std::ranges::sort(values);
  return values[static_cast<size_t>(share * static_cast<double>(values.size() - 1))];
}

// What this thread has worked: what others do to the machine meanwhile does not count.
int64_t WorkedNs() {
  timespec worked;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &worked);
  return worked.tv_sec * kNsPerSecond + worked.tv_nsec;
}

struct Cost {
  std::vector<double> frame_ns;
  std::vector<double> ratios;  // to ours, of one turn's work: one that withholds does the work of many frames in one
};

// Each candidate has its turn of some frames, and again, so that what disturbs the machine disturbs all.
std::vector<Cost> MeasureCosts(RatePair pair) {
  constexpr int kTurns = 60;
  constexpr int kFramesPerTurn = 50;
  std::vector<std::unique_ptr<Candidate>> streams;
  for (const Named& candidate : kCandidates) streams.push_back(candidate.make(pair));
  std::vector<Cost> costs(kCandidateCount);
  Random random(1);
  const Pcm in = ToPcm(Noise(-20.0, SamplesPerFrame(pair.in_hz), random));
  Pcm out(MostOutput(pair));
  for (int turn = 0; turn < kTurns; ++turn) {
    double ours_ns = 0.0;
    for (size_t i = 0; i < kCandidateCount; ++i) {
      const int64_t begun_ns = WorkedNs();
      for (int frame = 0; frame < kFramesPerTurn; ++frame) {
        const int64_t before_ns = MonotonicNs();
        (void)streams[i]->Process(std::span<const int16_t>(in), std::span(out));
        costs[i].frame_ns.push_back(static_cast<double>(MonotonicNs() - before_ns));
      }
      const auto worked_ns = static_cast<double>(WorkedNs() - begun_ns);
      if (i == 0) ours_ns = worked_ns;
      costs[i].ratios.push_back(worked_ns / ours_ns);
    }
  }
  return costs;
}

void Print(const Named& candidate, const ResamplerFigures& f, const Cost& cost) {
  std::printf("    {\"candidate\": \"%s\", \"lagMs\": %.2f, \"delayMs\": %.3f, \"longestDelayMs\": %.3f, ", candidate.name, f.lag_ms, f.delay_ms, f.longest_delay_ms);
  std::printf("\"withheldMs\": %.1f, \"preRingDb\": %.1f, \"rippleDb\": %.4f, \"edgeRippleDb\": %.4f, ", f.withheld_ms, f.pre_ring_db, f.ripple_db, f.edge_ripple_db);
  std::printf("\"aliasDb\": %.1f, \"aliasNearDb\": %.1f, \"imageDb\": %.1f, ", f.alias_db, f.alias_near_db, f.image_db);
  std::printf("\"thdNoiseDb\": %.1f, \"thdNoiseInt16Db\": %.1f, \"sweepDb\": %.1f, \"overshootDb\": %.2f, ", f.thd_noise_db, f.thd_noise_pcm_db, f.sweep_db, f.overshoot_db);
  std::printf("\"frameUs\": {\"p50\": %.2f, \"p99\": %.2f}, ", Percentile(cost.frame_ns, 0.5) / 1e3, Percentile(cost.frame_ns, 0.99) / 1e3);
  std::printf("\"costRatio\": {\"p50\": %.2f, \"p10\": %.2f, \"p90\": %.2f}}", Percentile(cost.ratios, 0.5), Percentile(cost.ratios, 0.1), Percentile(cost.ratios, 0.9));
}

void Compare(RatePair pair) {
  const std::vector<Cost> costs = MeasureCosts(pair);
  std::printf("  {\"inputRateHz\": %d, \"outputRateHz\": %d, \"candidates\": [\n", pair.in_hz, pair.out_hz);
  for (size_t i = 0; i < kCandidateCount; ++i) {
    const Named& candidate = kCandidates[i];
    const ResamplerFigures figures = Measure({
        .pair = pair,
        .resample = [&](std::span<const float> in) { return ThroughFresh(candidate, pair, in); },
        .settling_ms = candidate.settling_ms,
    });
    Print(candidate, figures, costs[i]);
    std::printf(i + 1 < kCandidateCount ? ",\n" : "\n");
    std::fflush(stdout);
  }
  std::printf("  ]}");
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<RatePair> pairs = {{8000, 12000},  {12000, 8000},  {8000, 16000},  {16000, 8000},  {8000, 24000}, {24000, 8000}, {16000, 24000},
                                 {24000, 16000}, {24000, 48000}, {32000, 8000},  {48000, 16000}, {48000, 32000}, {44100, 8000}, {44100, 48000}};
  if (argc > 1) pairs.clear();
  for (int i = 1; i < argc; ++i) {
    RatePair pair{};
    if (std::sscanf(argv[i], "%d-%d", &pair.in_hz, &pair.out_hz) != 2 || !ResamplerKernel::Get(pair.in_hz, pair.out_hz)) {
      std::fprintf(stderr, "Expected two rates such as 8000-16000 but received %s\n", argv[i]);
      return 2;
    }
    pairs.push_back(pair);
  }
  std::printf("{\"pairs\": [\n");
  for (size_t i = 0; i < pairs.size(); ++i) {
    if (i > 0) std::printf(",\n");
    Compare(pairs[i]);
  }
  std::printf("\n]}\n");
}
