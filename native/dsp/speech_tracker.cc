#include "dsp/speech_tracker.h"

#include <algorithm>
#include <bit>

#include "base/audio_format.h"

namespace talkpath {
namespace {

static_assert(SpeechTrackerSettings::kLongestOnsetMs / kBlockMs * 3 / 2 < 64, "recent_ holds all of the window");

// A lone block of speech in a pause (a click, a breath) does not keep the stretch alive.
constexpr uint64_t kRecentThree = 0b111;

}  // namespace

SpeechTracker::SpeechTracker(SpeechTrackerSettings settings)
    : onset_blocks_(settings.onset_ms / kBlockMs),
      slow_onset_blocks_(std::max(settings.slow_onset_ms / kBlockMs, onset_blocks_)),
      hangover_blocks_(settings.hangover_ms / kBlockMs) {}

SpeechChange SpeechTracker::Process(bool speech, bool slowly) noexcept TALKPATH_NONBLOCKING {
  recent_ = (recent_ << 1) | (speech ? 1u : 0u);
  if (!speaking_) {
    const int onset_blocks = slowly ? slow_onset_blocks_ : onset_blocks_;
    const uint64_t window = recent_ & ((uint64_t{1} << (onset_blocks + onset_blocks / 2)) - 1);
    if (std::popcount(window) < onset_blocks) return SpeechChange::kNone;
    speaking_ = true;
    blocks_since_onset_ = static_cast<int>(std::bit_width(window));
    blocks_since_speech_ = 0;
    return SpeechChange::kStarted;
  }
  const bool goes_on = speech && std::popcount(recent_ & kRecentThree) >= 2;
  blocks_since_speech_ = goes_on ? 0 : blocks_since_speech_ + 1;
  if (blocks_since_speech_ < hangover_blocks_) return SpeechChange::kNone;
  speaking_ = false;
  recent_ = 0;
  return SpeechChange::kEnded;
}

}  // namespace talkpath
