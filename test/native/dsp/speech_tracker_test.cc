#include "dsp/speech_tracker.h"

#include <gtest/gtest.h>

#include <string_view>
#include <vector>

namespace talkpath {
namespace {

struct Change {
  int block;
  SpeechChange what;
  bool operator==(const Change&) const = default;
};

// '#' is a block with speech, '.' one without; returns what changed and after which block.
std::vector<Change> Track(SpeechTracker& tracker, std::string_view blocks) {
  std::vector<Change> changes;
  for (size_t i = 0; i < blocks.size(); ++i) {
    const SpeechChange change = tracker.Process(blocks[i] == '#');
    if (change != SpeechChange::kNone) changes.push_back({static_cast<int>(i), change});
  }
  return changes;
}

constexpr SpeechTrackerSettings kSettings = {.onset_ms = 60, .hangover_ms = 200};
constexpr std::string_view kSpeech = "######";             // the onset
constexpr std::string_view kPause = "....................";  // the hang-over

TEST(SpeechTracker, StartsWhenSpeechHasLastedForTheOnset) {
  SpeechTracker tracker(kSettings);
  EXPECT_EQ(Track(tracker, ".........######"), (std::vector<Change>{{14, SpeechChange::kStarted}}));
  EXPECT_TRUE(tracker.speaking());
}

TEST(SpeechTracker, SaysHowLongAgoTheSpeechBegan) {
  SpeechTracker tracker(kSettings);
  Track(tracker, "...######");
  EXPECT_EQ(tracker.blocks_since_onset(), 6);
}

TEST(SpeechTracker, CountsTheBeginningFromTheFirstSpeechOfABrokenOnset) {
  SpeechTracker tracker(kSettings);
  EXPECT_EQ(Track(tracker, "...##.#.###"), (std::vector<Change>{{10, SpeechChange::kStarted}}));
  EXPECT_EQ(tracker.blocks_since_onset(), 8);
}

TEST(SpeechTracker, IgnoresAClick) {
  SpeechTracker tracker(kSettings);
  EXPECT_TRUE(Track(tracker, ".....##..........#.........####.......").empty());
}

TEST(SpeechTracker, IgnoresClicksThatAreFarApart) {
  SpeechTracker tracker(kSettings);
  EXPECT_TRUE(Track(tracker, "#...#...#...#...#...#...#...#...").empty());
}

TEST(SpeechTracker, EndsWhenSilenceHasLastedForTheHangover) {
  SpeechTracker tracker(kSettings);
  Track(tracker, kSpeech);
  EXPECT_EQ(Track(tracker, kPause), (std::vector<Change>{{19, SpeechChange::kEnded}}));
  EXPECT_EQ(tracker.blocks_since_speech(), 20);
  EXPECT_FALSE(tracker.speaking());
}

TEST(SpeechTracker, BridgesAPauseBetweenWords) {
  SpeechTracker tracker(kSettings);
  Track(tracker, kSpeech);
  EXPECT_TRUE(Track(tracker, "..................##..................##").empty());
}

TEST(SpeechTracker, IsNotKeptAliveByLoneClicks) {
  SpeechTracker tracker(kSettings);
  Track(tracker, kSpeech);
  EXPECT_EQ(Track(tracker, "....#.....#.....#.......").size(), 1u);
}

TEST(SpeechTracker, NeedsAWholeOnsetAgainAfterAnEnd) {
  SpeechTracker tracker(kSettings);
  Track(tracker, kSpeech);
  Track(tracker, kPause);
  EXPECT_TRUE(Track(tracker, "#####").empty());
  EXPECT_EQ(Track(tracker, "#").size(), 1u);
}

TEST(SpeechTracker, StartsAndEndsInTurns) {
  SpeechTracker tracker(kSettings);
  std::vector<SpeechChange> changes;
  for (int i = 0; i < 20; ++i) {
    for (const Change& change : Track(tracker, kSpeech)) changes.push_back(change.what);
    for (const Change& change : Track(tracker, kPause)) changes.push_back(change.what);
  }
  ASSERT_EQ(changes.size(), 40u);
  for (size_t i = 0; i < changes.size(); ++i) EXPECT_EQ(changes[i], i % 2 == 0 ? SpeechChange::kStarted : SpeechChange::kEnded);
}

TEST(SpeechTracker, TakesTheShortestAndTheLongestOnset) {
  SpeechTracker shortest({.onset_ms = SpeechTrackerSettings::kShortestOnsetMs, .hangover_ms = SpeechTrackerSettings::kShortestHangoverMs});
  EXPECT_EQ(Track(shortest, "##.....").size(), 2u);
  SpeechTracker longest({.onset_ms = SpeechTrackerSettings::kLongestOnsetMs, .hangover_ms = 200});
  EXPECT_TRUE(Track(longest, std::string(39, '#')).empty());
  EXPECT_EQ(Track(longest, "#").size(), 1u);
}

}  // namespace
}  // namespace talkpath
