#include "interleaving/memory_model.h"

#include <algorithm>

namespace talkpath::interleaving {
namespace {

constexpr size_t kGrainBytes = 2;

}  // namespace

void View::Join(const View& other) {
  for (size_t i = 0; i < seen.size(); ++i) seen[i] = std::max(seen[i], other.seen[i]);
  for (size_t i = 0; i < known.size(); ++i) known[i] = std::max(known[i], other.known[i]);
}

void MemoryModel::Reset() {
  atomics_.clear();
  memory_.clear();
  views_ = {};
  // A thread knows all that it did itself.
  for (size_t thread = 0; thread <= kThreads; ++thread) views_[thread].known[thread] = 1;
  violation_.clear();
}

void MemoryModel::StartThreads() {
  for (size_t thread = 0; thread < kThreads; ++thread) views_[thread].Join(views_[kEverything]);
  ++views_[kEverything].known[kEverything];
}

void MemoryModel::EndThreads() {
  for (size_t thread = 0; thread < kThreads; ++thread) views_[kEverything].Join(views_[thread]);
}

size_t MemoryModel::NewAtomic(uint64_t value) {
  if (atomics_.size() == View{}.seen.size()) Violate("more atomics than the model has room for");
  atomics_.push_back({.values = {{value, views_[kEverything]}}, .writer = kEverything});
  return atomics_.size() - 1;
}

MemoryModel::Visible MemoryModel::VisibleTo(size_t thread, size_t atomic) const {
  const size_t first = views_[thread].seen[atomic];
  return {first, atomics_[atomic].values.size() - first};
}

uint64_t MemoryModel::Load(size_t thread, size_t atomic, size_t place, bool acquire) {
  const Value& value = atomics_[atomic].values[place];
  views_[thread].seen[atomic] = place;
  if (acquire) views_[thread].Join(value.handed_over);
  return value.value;
}

void MemoryModel::Store(size_t thread, size_t atomic, uint64_t value, bool release) {
  Atomic& stored = atomics_[atomic];
  if (thread != kEverything) {
    if (stored.writer != kEverything && stored.writer != thread) Violate("both threads store to one atomic: this model knows one writer each");
    stored.writer = thread;
  }
  views_[thread].seen[atomic] = stored.values.size();
  stored.values.push_back({value, release ? views_[thread] : View{}});
  // What it does from here on is not in what it has handed over.
  if (release) ++views_[thread].known[thread];
}

bool MemoryModel::IsOwn(size_t thread, size_t atomic) const { return atomics_[atomic].writer == thread; }

void MemoryModel::Touch(size_t thread, const void* address, size_t count, bool writes) {
  const auto from = reinterpret_cast<uintptr_t>(address) / kGrainBytes;
  const auto to = (reinterpret_cast<uintptr_t>(address) + count + kGrainBytes - 1) / kGrainBytes;
  for (uintptr_t grain = from; grain < to && count > 0; ++grain) {
    Accesses& last = memory_[grain];
    const bool after_write = Knows(thread, last.writer, last.written_at);
    bool after_reads = true;
    for (size_t other = 0; writes && other <= kThreads; ++other) after_reads = after_reads && Knows(thread, other, last.read_at[other]);
    if (!after_write) Violate(writes ? "a write races with a write of the other thread" : "a read races with a write of the other thread");
    if (!after_reads) Violate("a write races with a read of the other thread");
    const uint32_t now = views_[thread].known[thread];
    if (writes) {
      last.writer = thread;
      last.written_at = now;
    } else {
      last.read_at[thread] = now;
    }
  }
}

}  // namespace talkpath::interleaving
