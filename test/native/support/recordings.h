// Recordings of people (and of music) that Debian packages, for tests that need a real voice.
//
// They lie below the folder named by TALKPATH_SPEECH_DIR, which scripts/test/native.mjs fetches and sets. Where they
// cannot be had, TALKPATH_NEEDS_RECORDINGS() skips the GoogleTest it stands in, or fails it under TALKPATH_REQUIRE_SPEECH=1 or CI=true.
#pragma once

#include <string>
#include <vector>

#include "support/signals.h"

namespace talkpath::test {

struct Recording {
  std::string name;  // of the file, without its folder
  int rate_hz = 0;   // 8000 or 16000
  Samples samples;
};

class Recordings {
 public:
  static bool Available();
  static bool Required();

  // Reads one file, by its path below the folder: 16-bit mono WAV, or raw samples at `raw_rate_hz`. Throws when it is
  // not there or is of another format.
  static Recording Read(const std::string& path, int raw_rate_hz = 8000);

  // The agent's voice: prompts of a woman in a studio, 8 kHz, each between these lengths, in the order of their names.
  static std::vector<Recording> Agent(int least_ms, int most_ms);
  // Another woman's prompts, in French, in the same way.
  static std::vector<Recording> FrenchAgent(int least_ms, int most_ms);
  // Callers: men and women in rooms, on the radio and on the telephone, 8 and 16 kHz, 1 to 112 s.
  static std::vector<Recording> Callers();
  // A man on the radio, 8 kHz: his voice from its first block on, without a pause for as long (up to 5 s), then silence.
  static Samples Talker(int duration_ms, int silence_ms = 0);
  // Music on hold, 8 kHz.
  static std::vector<Recording> Music();
};

}  // namespace talkpath::test

#define TALKPATH_NEEDS_RECORDINGS()                                                            \
  do {                                                                                         \
    if (talkpath::test::Recordings::Available()) break;                                        \
    if (talkpath::test::Recordings::Required()) FAIL() << "TALKPATH_SPEECH_DIR has no folder"; \
    GTEST_SKIP() << "the recordings could not be fetched";                                     \
  } while (false)
