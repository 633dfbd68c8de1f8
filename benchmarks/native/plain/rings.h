// How fast two threads hand data to each other through a queue, by kind of queue.
#pragma once

#include <cstdint>
#include <string>

namespace talkpath::benchmarks {

// Nanoseconds a frame of 160 samples takes from one thread to another, of `count` in a row; negative for a name that is
// no queue's. Both threads spin.
double FrameTransferNs(const std::string& queue, int64_t count);
// Nanoseconds that one thread takes to put a frame in and take it out again: what the code costs, caches warm.
double FrameAloneNs(const std::string& queue, int64_t count);
// Nanoseconds for one number to go to another thread and come back, of `count` in a row.
double RoundTripNs(const std::string& queue, int64_t count);

}  // namespace talkpath::benchmarks
