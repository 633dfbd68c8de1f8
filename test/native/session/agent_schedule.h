// When an agent's audio arrives: what providers and the networks between do to a reply.
#pragma once

#include <algorithm>
#include <functional>
#include <vector>

#include "base/audio_format.h"
#include "support/random.h"

namespace talkpath::test {

struct Arrival {
  double at_ms;       // since the reply's first sample was spoken
  size_t samples;
};
using Schedule = std::vector<Arrival>;

struct Paced {
  int rate_hz = 8000;
  int reply_ms = 10'000;
  double piece_ms = kFrameMs;
  // The provider's clock against ours: 1000 ppm gives a second in 999 ms.
  double fast_ppm = 0.0;
  // How much later than it is due piece number n comes. One that comes later holds up those behind it.
  std::function<double(int)> late_ms = [](int) { return 0.0; };
};

// In pieces, as the words are spoken: piece n is due when its last sample was said.
inline Schedule MakePaced(const Paced& paced) {
  Schedule schedule;
  const double total = static_cast<double>(paced.rate_hz) * paced.reply_ms / 1000.0;
  double sent = 0.0;
  double last_ms = 0.0;
  for (int n = 0; sent < total; ++n) {
    const double until = std::min(std::floor((n + 1) * paced.piece_ms * paced.rate_hz / 1000.0), total);
    const double due_ms = 1000.0 * until / paced.rate_hz / (1.0 + paced.fast_ppm * 1e-6);
    last_ms = std::max(last_ms, due_ms + paced.late_ms(n));
    if (until > sent) schedule.push_back({last_ms, static_cast<size_t>(until - sent)});
    sent = until;
  }
  return schedule;
}

// As they are spoken, but what is due at `stalls_at_ms` and after is held for `stall_ms`, and then comes at once.
inline Schedule MakeStalled(int reply_ms, int stalls_at_ms, int stall_ms) {
  return MakePaced({.reply_ms = reply_ms, .late_ms = [=](int n) {
                      const int due_ms = (n + 1) * kFrameMs;
                      return due_ms < stalls_at_ms ? 0.0 : std::max(0.0, stalls_at_ms + stall_ms - static_cast<double>(due_ms));
                    }});
}

// All of it within `within_ms`, in pieces of `piece_ms`.
inline Schedule MakeBurst(int rate_hz, int reply_ms, int within_ms, int piece_ms) {
  Schedule schedule;
  for (int sent_ms = 0; sent_ms < reply_ms; sent_ms += piece_ms) {
    schedule.push_back({static_cast<double>(within_ms) * sent_ms / reply_ms, SamplesIn(std::min(piece_ms, reply_ms - sent_ms), rate_hz)});
  }
  return schedule;
}

}  // namespace talkpath::test
