// A path through a tree of choices, and the way to the next one: depth first, until there is none.
//
// Nothing is stored but the path at hand. Whoever walks it starts anew for each path and asks Take() at each fork.
#pragma once

#include <cstddef>
#include <vector>

namespace talkpath::interleaving {

class Choices {
 public:
  // Which of `options` to take at this fork: 0 when the path comes here for the first time.
  size_t Take(size_t options) {
    if (options == 1) return 0;
    if (at_ == path_.size()) path_.push_back({0, options});
    return path_[at_++].taken;
  }

  // Goes back to the start, for the next path. False when all were walked.
  bool Advance() {
    path_.resize(at_);
    at_ = 0;
    while (!path_.empty() && path_.back().taken + 1 == path_.back().options) path_.pop_back();
    if (path_.empty()) return false;
    ++path_.back().taken;
    return true;
  }

  // Goes back to the start, to walk the same path again.
  void Rewind() { at_ = 0; }

 private:
  struct Fork {
    size_t taken;
    size_t options;
  };
  std::vector<Fork> path_;
  size_t at_ = 0;
};

}  // namespace talkpath::interleaving
