// What the tick tells the agent end. Events never carry audio; audio never asks.
#pragma once

#include <cstdint>

namespace talkpath {

enum class SessionEventType : uint32_t {
  kSpeechStarted = 0,     // stream_ms: where in the uplink the speech began
  kSpeechEnded = 1,       // stream_ms: where in the uplink the last speech was
  kPlayoutStarted = 2,    // turn
  kPlayoutProgressed = 3, // turn, played_ms; about every 100 ms
  kPlayoutPaused = 4,     // turn, played_ms: the line is silent from here on
  kPlayoutEnded = 5,      // turn, played_ms: all of the reply was played
  kPlayoutFlushed = 6,    // turn, played_ms: the reply was cut
};

struct SessionEvent {
  SessionEventType type = SessionEventType::kSpeechStarted;
  uint32_t turn = 0;
  double at_ms = 0.0;      // monotonic clock
  double ago_ms = 0.0;     // of speech: how long before `at_ms` it began or ended
  double stream_ms = 0.0;  // position in the uplink stream
  double played_ms = 0.0;  // of the turn's audio
};

enum class SessionCommandType : uint32_t { kFlush, kPause, kResume, kArmBargeIn, kDisarmBargeIn };

struct SessionCommand {
  SessionCommandType type = SessionCommandType::kPause;
  uint32_t turn = 0;  // of kFlush: this turn and all before it
};

}  // namespace talkpath
