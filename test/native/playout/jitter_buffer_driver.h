// Puts replies into a jitter buffer and takes 20 ms frames out.
#pragma once

#include "base/audio_format.h"
#include "base/clock.h"
#include "playout/jitter_buffer.h"
#include "support/signals.h"

namespace talkpath::test {

struct Push {
  uint32_t turn = 1;
  Pcm samples = {};
  bool ends_reply = false;
  int rate_hz = 8000;
};

// Returns how many samples fitted.
inline size_t Send(JitterBuffer& buffer, const Push& push) {
  return buffer.input().Write({.rate_hz = push.rate_hz, .turn = push.turn, .ends_reply = push.ends_reply}, push.samples);
}

struct Frame {
  Pulled pulled;
  Pcm samples;  // only those that were there
  int rate_hz = 0;
};

// Starts a reply with 40 ms.
struct Buffer : JitterBuffer {
  explicit Buffer(size_t capacity = 1 << 16) : JitterBuffer(capacity) { Expect(40); }
  void CollectNow() { Collect(now_ms * kNsPerMs); }
  int64_t now_ms = 1000;
};

// One tick: 20 ms at the rate of what is queued first (8 kHz when there is nothing), and then 20 ms pass.
inline Frame TakeFrame(Buffer& buffer) {
  buffer.CollectNow();
  buffer.now_ms += kFrameMs;
  Frame frame;
  frame.rate_hz = buffer.rate_hz() > 0 ? buffer.rate_hz() : 8000;
  frame.samples.resize(SamplesPerFrame(frame.rate_hz));
  frame.pulled = buffer.Pull(frame.samples);
  frame.samples.resize(frame.pulled.sample_count);
  return frame;
}

}  // namespace talkpath::test
