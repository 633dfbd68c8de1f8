// Figures that the documents tell: printed where TALKPATH_FIGURES=1 asks for them.
#pragma once

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>

namespace talkpath::test {

inline bool FiguresAsked() { return std::getenv("TALKPATH_FIGURES") != nullptr; }

// One figure of the test that runs.
inline void PrintFigure(const char* name, double value) {
  if (!FiguresAsked()) return;
  const testing::TestInfo& test = *testing::UnitTest::GetInstance()->current_test_info();
  std::printf("%s.%s,%s,%.2f\n", test.test_suite_name(), test.name(), name, value);
}

}  // namespace talkpath::test
