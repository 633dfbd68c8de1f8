#include "session/event_sink.h"

#include <gtest/gtest.h>

namespace talkpath {
namespace {

SessionEvent Event(SessionEventType type, uint32_t turn) { return {.type = type, .turn = turn}; }

TEST(EventSink, GivesEventsBackInOrder) {
  EventSink events;
  events.Push(Event(SessionEventType::kPlayoutStarted, 1));
  events.Push(Event(SessionEventType::kPlayoutProgressed, 1));
  events.Push(Event(SessionEventType::kPlayoutEnded, 1));
  EXPECT_EQ(events.Pop()->type, SessionEventType::kPlayoutStarted);
  EXPECT_EQ(events.Pop()->type, SessionEventType::kPlayoutProgressed);
  EXPECT_EQ(events.Pop()->type, SessionEventType::kPlayoutEnded);
  EXPECT_FALSE(events.Pop());
}

TEST(EventSink, KeepsRoomForWhatChangesTheConversation) {
  EventSink events;
  for (uint32_t i = 0; i < 10'000; ++i) events.Push(Event(SessionEventType::kPlayoutProgressed, 1));
  for (uint32_t turn = 2; turn < 102; ++turn) events.Push(Event(SessionEventType::kSpeechStarted, turn));
  uint32_t next_turn = 2;
  while (const auto event = events.Pop()) {
    if (event->type == SessionEventType::kPlayoutProgressed) continue;
    EXPECT_EQ(event->turn, next_turn++);
  }
  EXPECT_EQ(next_turn, 102u);
}

TEST(EventSink, DropsTheNewestWhenItIsFull) {
  EventSink events;
  for (uint32_t turn = 0; turn < 10'000; ++turn) events.Push(Event(SessionEventType::kSpeechStarted, turn));
  for (uint32_t turn = 0; turn < 512; ++turn) ASSERT_EQ(events.Pop()->turn, turn);
  EXPECT_FALSE(events.Pop());
}

}  // namespace
}  // namespace talkpath
