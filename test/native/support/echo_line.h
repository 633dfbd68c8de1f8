// A telephone line as the agent hears it: what was said comes back from the hybrid, coded on both hops, late.
//
// 8 kHz. One object is one call; its delay may change while it lasts, as when a jitter buffer adapts.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "support/signals.h"

namespace talkpath::test {

enum class Codec { kNone, kAlaw, kMulaw };

struct EchoLineSpec {
  std::vector<float> response;  // of the echo path at 8 kHz, of unit energy; empty for no echo
  double return_loss_db = 10.0;
  int delay_ms = 0;  // beyond the response
  Codec codec = Codec::kNone;
  double noise_dbfs = -200.0;
  double clips_at_dbfs = 200.0;  // what the loudspeaker can: louder is distorted
  uint64_t seed = 1;
};

class EchoLine {
 public:
  static constexpr int kRateHz = 8000;

  explicit EchoLine(EchoLineSpec spec);

  // Takes what is played to the caller and what the caller says; returns what the caller's line sends meanwhile.
  Samples Process(std::span<const float> far_end, std::span<const float> caller);
  Samples Process(std::span<const float> far_end) { return Process(far_end, Samples(far_end.size(), 0.0f)); }

  void set_delay_ms(int delay_ms) { spec_.delay_ms = delay_ms; }
  int delay_ms() const { return spec_.delay_ms; }
  void set_response(std::vector<float> response) { spec_.response = std::move(response); }
  void set_return_loss_db(double return_loss_db) { spec_.return_loss_db = return_loss_db; }

 private:
  float ThroughCodec(float sample) const;

  EchoLineSpec spec_;
  Random random_;
  Samples played_;  // all of it, as it arrived at the hybrid's end of the line
};

// Scales the echo path so that `far_end`, where it sounds, comes back weaker by exactly the return loss.
std::vector<float> ScaledToLose(std::vector<float> response, std::span<const float> far_end);

}  // namespace talkpath::test
