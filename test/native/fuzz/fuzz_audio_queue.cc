// The audio queue against the simplest queue there is.
#include <algorithm>
#include <array>
#include <deque>

#include "fuzz/fuzz_targets.h"
#include "queue/audio_queue.h"

namespace talkpath::fuzz {

void FuzzAudioQueue(FuzzInput& input) {
  const size_t sample_capacity = std::bit_ceil(static_cast<size_t>(input.Between(2, 300)));
  const size_t segment_capacity = std::bit_ceil(static_cast<size_t>(input.Between(2, 20)));
  AudioQueue queue(sample_capacity, segment_capacity);
  std::deque<AudioSegment> segments;
  std::deque<int16_t> samples;
  std::array<int16_t, 512> buffer;
  int16_t next = 0;
  while (!input.AtEnd()) {
    const size_t count = static_cast<size_t>(input.Between(0, 511));
    switch (input.Between(0, 3)) {
      case 0: {
        AudioSegment segment = {.rate_hz = 8000, .turn = input.Byte(), .ends_reply = input.Chance()};
        for (size_t i = 0; i < count; ++i) buffer[i] = static_cast<int16_t>(next + static_cast<int16_t>(i));
        const size_t taken = queue.Write(segment, std::span(buffer).first(count));
        const size_t room = segments.size() == segment_capacity ? 0 : sample_capacity - samples.size();
        Require(taken == std::min(count, room), "the queue takes what fits");
        samples.insert(samples.end(), buffer.begin(), buffer.begin() + static_cast<long>(taken));
        next = static_cast<int16_t>(next + static_cast<int16_t>(taken));
        segment.sample_count = static_cast<uint32_t>(taken);
        segment.ends_reply = segment.ends_reply && taken == count;
        if (segments.size() < segment_capacity && (taken > 0 || segment.ends_reply)) segments.push_back(segment);
        break;
      }
      case 1: {
        const std::optional<AudioSegment> segment = queue.PopSegment();
        Require(segment.has_value() == !segments.empty(), "a segment is there as long as one was not popped");
        if (!segment) break;
        Require(segment->turn == segments.front().turn && segment->sample_count == segments.front().sample_count &&
                    segment->ends_reply == segments.front().ends_reply,
                "segments come as they were written, in order");
        segments.pop_front();
        break;
      }
      case 2: {
        const size_t read = queue.Read(std::span(buffer).first(count));
        Require(read == std::min(count, samples.size()), "a read gives what is there");
        Require(std::equal(buffer.begin(), buffer.begin() + static_cast<long>(read), samples.begin()), "samples come as they were written");
        samples.erase(samples.begin(), samples.begin() + static_cast<long>(read));
        break;
      }
      default: {
        const size_t dropped = queue.Discard(count);
        Require(dropped == std::min(count, samples.size()), "as many are dropped as are there");
        samples.erase(samples.begin(), samples.begin() + static_cast<long>(dropped));
      }
    }
    Require(queue.HasSegmentSpace() == (segments.size() < segment_capacity), "room for a segment is told as it is");
  }
}

}  // namespace talkpath::fuzz
