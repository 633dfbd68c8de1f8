#include "interleaving/machine.h"

#include <ucontext.h>

#include <memory>

namespace talkpath::interleaving {
namespace {

constexpr size_t kStackBytes = 256 * 1024;

enum class Kind { kLoad, kStore, kDone };

struct Step {
  size_t thread;
  Kind kind;
  size_t atomic;
  uint64_t value;
  int line;
  size_t newer;  // values that a load has passed over
};

class Machine {
 public:
  Verdict Explore(const Program& program, const ExploreOptions& options) {
    program_ = &program;
    options_ = options;
    verdict_ = {};
    do {
      if (Execute()) ++verdict_.executions;
      if (!model.violation().empty()) {
        verdict_.violation = model.violation() + Story();
        break;
      }
    } while (choices_.Advance());
    return std::move(verdict_);
  }

  void Note(uint64_t value) { outcome_.push_back(value); }
  size_t current() const { return current_; }

  uint64_t Load(size_t atomic, bool acquire, int line) {
    acquire = IsOrdered(acquire, line);
    if (!model.IsOwn(current_, atomic)) Reach(Kind::kLoad);
    const MemoryModel::Visible visible = model.VisibleTo(current_, atomic);
    const size_t newer = current_ == kEverything ? 0 : choices_.Take(visible.count);
    const size_t place = visible.first + visible.count - 1 - newer;
    const uint64_t value = model.Load(current_, atomic, place, acquire);
    steps_.push_back({current_, Kind::kLoad, atomic, value, line, newer});
    return value;
  }

  void Store(size_t atomic, uint64_t value, bool release, int line) {
    release = IsOrdered(release, line);
    Reach(Kind::kStore);
    model.Store(current_, atomic, value, release);
    steps_.push_back({current_, Kind::kStore, atomic, value, line, 0});
  }

  MemoryModel model;

 private:
  struct Fiber {
    ucontext_t context;
    std::unique_ptr<char[]> stack = std::make_unique<char[]>(kStackBytes);
    Kind next = Kind::kDone;
  };

  bool IsOrdered(bool asked, int line) {
    if (!asked) return false;
    verdict_.ordered_lines.insert(line);
    return line != options_.weakened_line;
  }

  // One path from beginning to end. False when it is left, as another tells the same.
  bool Execute() {
    model.Reset();
    outcome_.clear();
    steps_.clear();
    current_ = kEverything;
    program_->set_up();
    model.StartThreads();
    last_ = {kEverything, Kind::kStore};
    starting_ = true;
    for (size_t thread = 0; thread < kThreads; ++thread) Begin(thread);
    starting_ = false;
    left_ = false;
    if (const size_t first = Pick(); first != kEverything) SwitchTo(first);
    current_ = kEverything;
    if (left_ || !model.violation().empty()) return false;
    model.EndThreads();
    program_->end();
    verdict_.outcomes.insert(outcome_);
    return true;
  }

  // Runs a thread up to its first step.
  void Begin(size_t thread) {
    Fiber& fiber = fibers_[thread];
    getcontext(&fiber.context);
    fiber.context.uc_stack.ss_sp = fiber.stack.get();
    fiber.context.uc_stack.ss_size = kStackBytes;
    fiber.context.uc_link = nullptr;
    makecontext(&fiber.context, RunThread, 0);
    SwitchTo(thread);
  }

  static void RunThread();

  void SwitchTo(size_t thread) {
    ucontext_t* const from = &ContextOf(current_);
    current_ = thread;
    swapcontext(from, &ContextOf(thread));
  }
  ucontext_t& ContextOf(size_t thread) { return thread == kEverything ? main_ : fibers_[thread].context; }

  // The thread at hand is about to take a step: goes on when it is its turn.
  void Reach(Kind kind) {
    if (current_ == kEverything) return;
    const size_t thread = current_;
    fibers_[thread].next = kind;
    const size_t next = starting_ ? kEverything : Pick();
    if (next != thread) SwitchTo(next);
    last_ = {thread, kind};
  }

  // Whose turn it is; kEverything at the end of the path.
  size_t Pick() {
    if (!model.violation().empty()) return kEverything;
    std::array<size_t, kThreads> able;
    size_t count = 0;
    bool done = true;
    for (size_t thread = 0; thread < kThreads; ++thread) {
      const Kind next = fibers_[thread].next;
      if (next == Kind::kDone) continue;
      done = false;
      if (options_.every_order || TellsSomethingNew(thread, next)) able[count++] = thread;
    }
    if (count > 0) return able[choices_.Take(count)];
    left_ = !done;
    return kEverything;
  }

  bool TellsSomethingNew(size_t thread, Kind kind) const {
    if (last_.thread == thread || last_.thread == kEverything) return true;
    if (last_.kind != kind) return last_.kind == Kind::kStore;
    return last_.thread < thread;
  }

  std::string Story() const {
    std::string story;
    for (const Step& step : steps_) {
      story += "\n  " + (step.thread == kEverything ? std::string("at rest ") : "thread " + std::to_string(step.thread));
      story += (step.kind == Kind::kLoad ? " loads " : " stores ") + std::to_string(step.value) + (step.kind == Kind::kLoad ? " from" : " to");
      story += " atomic " + std::to_string(step.atomic) + ", line " + std::to_string(step.line);
      if (step.newer > 0) story += ", which is " + std::to_string(step.newer) + " behind";
    }
    return story;
  }

  const Program* program_ = nullptr;
  ExploreOptions options_;
  Verdict verdict_;
  Choices choices_;
  std::vector<uint64_t> outcome_;
  std::vector<Step> steps_;
  std::array<Fiber, kThreads> fibers_;
  ucontext_t main_;
  size_t current_ = kEverything;
  struct {
    size_t thread;
    Kind kind;
  } last_{};
  bool starting_ = false;
  bool left_ = false;
};

Machine* machine = nullptr;

void Machine::RunThread() {
  Machine& self = *machine;
  const size_t thread = self.current_;
  self.program_->threads[thread]();
  self.fibers_[thread].next = Kind::kDone;
  self.SwitchTo(self.starting_ ? kEverything : self.Pick());
}

}  // namespace

Verdict Explore(const Program& program, const ExploreOptions& options) {
  Machine walker;
  machine = &walker;
  Verdict verdict = walker.Explore(program, options);
  machine = nullptr;
  return verdict;
}

void Require(bool holds, const char* what) {
  if (!holds) machine->model.Violate(what);
}
void Note(uint64_t value) { machine->Note(value); }

size_t NewAtomic(uint64_t value) { return machine->model.NewAtomic(value); }
uint64_t Load(size_t atomic, bool acquire, const std::source_location& where) {
  return machine->Load(atomic, acquire, static_cast<int>(where.line()));
}
void Store(size_t atomic, uint64_t value, bool release, const std::source_location& where) {
  machine->Store(atomic, value, release, static_cast<int>(where.line()));
}
void ReadBytes(const void* address, size_t count) { machine->model.ReadBytes(machine->current(), address, count); }
void WriteBytes(const void* address, size_t count) { machine->model.WriteBytes(machine->current(), address, count); }

}  // namespace talkpath::interleaving
