// Runs two threads through everything that may happen between them, and tells what went wrong in which order.
//
// The threads are fibers that stop before each load or store of an atomic; what goes on next, and which value a load
// returns, are the forks of Choices. Nothing is random and nothing is left out, but for orders that tell nothing new:
// two steps that follow each other on different threads may change places when neither is a store that the other
// could see, and a load may wait for a store, since it can still return the older value. Of such orders only the one
// is walked that puts stores before loads and, among equals, the first thread before the second.
#pragma once

#include <functional>
#include <set>
#include <source_location>
#include <string>
#include <vector>

#include "interleaving/choices.h"
#include "interleaving/memory_model.h"

namespace talkpath::interleaving {

struct Program {
  std::function<void()> set_up;
  std::array<std::function<void()>, kThreads> threads;
  std::function<void()> end;  // both threads are over
};

struct ExploreOptions {
  bool every_order = false;  // those that tell nothing new, too
  int weakened_line = 0;     // of the source: an order of memory that is asked for there is treated as relaxed
};

struct Verdict {
  size_t executions = 0;
  std::string violation;                          // with the steps that led to it; empty when there is none
  std::set<std::vector<uint64_t>> outcomes;       // what each execution has noted
  std::set<int> ordered_lines;                    // of the source: where acquire or release was asked for
};

// Walks all executions, or up to the first that goes wrong. Not from two threads at a time.
Verdict Explore(const Program& program, const ExploreOptions& options = {});

// For the program that runs: what must hold, and what is worth comparing.
void Require(bool holds, const char* what);
void Note(uint64_t value);

// For the atomics and the memory that a program uses (checked_std.h).
size_t NewAtomic(uint64_t value);
uint64_t Load(size_t atomic, bool acquire, const std::source_location& where);
void Store(size_t atomic, uint64_t value, bool release, const std::source_location& where);
void ReadBytes(const void* address, size_t count);
void WriteBytes(const void* address, size_t count);

}  // namespace talkpath::interleaving
