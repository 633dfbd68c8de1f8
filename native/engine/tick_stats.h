// How punctual a worker is: counted by the tick thread, read by anyone.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "session/session_stats.h"

namespace talkpath {

// Upper bounds of the histogram's buckets; the last bucket has none.
inline constexpr std::array<int64_t, 9> kTickBucketsUs = {100, 250, 500, 1000, 2500, 5000, 10000, 25000, 100000};

struct TickHistogram {
  std::array<uint64_t, kTickBucketsUs.size() + 1> counts{};
  double sum_seconds = 0.0;
  double max_seconds = 0.0;
};

class TickStats {
 public:
  void Record(int64_t ns) noexcept TALKPATH_NONBLOCKING {
    size_t bucket = 0;
    while (bucket < kTickBucketsUs.size() && ns > kTickBucketsUs[bucket] * 1000) ++bucket;
    counts_[bucket].Add(1);
    const double seconds = static_cast<double>(ns) * 1e-9;
    sum_seconds_.Add(seconds);
    if (seconds > max_seconds_.Get()) max_seconds_.Set(seconds);
  }

  TickHistogram Snapshot() const noexcept {
    TickHistogram histogram{.sum_seconds = sum_seconds_.Get(), .max_seconds = max_seconds_.Get()};
    for (size_t i = 0; i < counts_.size(); ++i) histogram.counts[i] = counts_[i].Get();
    return histogram;
  }

 private:
  std::array<Counter<uint64_t>, kTickBucketsUs.size() + 1> counts_;
  Counter<double> sum_seconds_;
  Counter<double> max_seconds_;
};

}  // namespace talkpath
