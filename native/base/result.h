// Create() functions may fail and say why; Process() functions cannot.
#pragma once

#include <expected>
#include <string>

namespace talkpath {

struct Error {
  std::string message;  // names the field, the value and what was expected
};

template <typename T>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> Fail(std::string message) { return std::unexpected(Error{std::move(message)}); }

}  // namespace talkpath
