// What the fuzzers have found worth keeping, once each: inputs that reach far, and those that once broke something.
// corpus/<target>.txt has one input a line, in hexadecimal digits; what follows a # tells why it is kept.
#include <gtest/gtest.h>

#include <charconv>
#include <fstream>
#include <string>
#include <vector>

#include "fuzz/fuzz_targets.h"

namespace talkpath::fuzz {
namespace {

std::vector<uint8_t> Bytes(const std::string& line) {
  std::vector<uint8_t> bytes;
  for (size_t at = 0; at + 1 < line.size(); at += 2) {
    uint8_t byte = 0;
    if (std::from_chars(line.data() + at, line.data() + at + 2, byte, 16).ptr != line.data() + at + 2) break;
    bytes.push_back(byte);
  }
  return bytes;
}

class Fuzz : public testing::TestWithParam<Target> {};

INSTANTIATE_TEST_SUITE_P(Each, Fuzz, testing::ValuesIn(kTargets), [](const auto& target) { return std::string(target.param.name); });

TEST_P(Fuzz, WhatWasFoundIsStillRight) {
  std::ifstream file(std::string(TALKPATH_FUZZ_CORPUS) + "/" + GetParam().name + ".txt");
  size_t inputs = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.front() == '#') continue;
    const std::vector<uint8_t> bytes = Bytes(line);
    ASSERT_FALSE(bytes.empty()) << line;
    SCOPED_TRACE(line);
    FuzzInput input(bytes);
    GetParam().run(input);
    ++inputs;
  }
  EXPECT_GT(inputs, 0u);
}

TEST_P(Fuzz, NothingAtAllIsAnInputToo) {
  FuzzInput input({});
  GetParam().run(input);
}

}  // namespace
}  // namespace talkpath::fuzz
