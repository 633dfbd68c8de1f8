// Numbers of a command line: a whole argument, or none.
#pragma once

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string_view>

namespace talkpath {

template <typename Number>
std::optional<Number> NumberOf(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// The argument at `index`, at least `least`, or `otherwise` where there is none. Ends the program for anything else.
inline int CountArgument(int argc, char** argv, int index, int least, int otherwise) {
  if (argc <= index) return otherwise;
  const std::optional<int> count = NumberOf<int>(argv[index]);
  if (count && *count >= least) return *count;
  std::fprintf(stderr, "Expected an integer of at least %d as argument %d but received \"%s\"\n", least, index, argv[index]);
  std::exit(1);
}

}  // namespace talkpath
