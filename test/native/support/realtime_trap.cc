#include "support/realtime_trap.h"

#include <dlfcn.h>
#include <execinfo.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <filesystem>

#include "base/realtime.h"

namespace talkpath::test {
namespace {

constexpr size_t kKept = 8;

struct Violation {
  const char* what = nullptr;
  long number = -1;
  std::array<void*, 24> frames{};
  int depth = 0;
};

std::array<Violation, kKept> kept;
std::atomic<size_t> count{0};
thread_local bool recording = false;

// The frames by function and line, as addr2line (of binutils, which the compiler needs as well) names them.
std::string Named(const Violation& violation) {
  std::string command = "addr2line -Cfsp -e '" + std::filesystem::read_symlink("/proc/self/exe").string() + "'";
  for (int i = 0; i < violation.depth; ++i) {
    Dl_info info;
    if (!dladdr(violation.frames[i], &info)) continue;
    std::array<char, 32> address;
    std::snprintf(address.data(), address.size(), " %zx", static_cast<char*>(violation.frames[i]) - static_cast<char*>(info.dli_fbase));
    command += address.data();
  }
  std::string names;
  if (FILE* pipe = popen(command.c_str(), "r")) {
    std::array<char, 4096> line;
    while (std::fgets(line.data(), line.size(), pipe)) names.append("    ").append(line.data());
    pclose(pipe);
  }
  return names;
}

}  // namespace

void RealtimeTrap::Forbid(const char* what) noexcept {
  if (RealtimeSection::Open() && !recording) Record(what);
}

void RealtimeTrap::Record(const char* what, long number) noexcept {
  recording = true;
  const size_t index = count.fetch_add(1);
  if (index < kKept) {
    Violation& violation = kept[index];
    violation.what = what;
    violation.number = number;
    violation.depth = backtrace(violation.frames.data(), static_cast<int>(violation.frames.size()));
  }
  recording = false;
}

size_t RealtimeTrap::violations() noexcept { return count.load(); }

std::string RealtimeTrap::Take() {
  const size_t total = count.exchange(0);
  std::string report = std::to_string(total) + " violations of the real-time contract\n";
  for (size_t i = 0; i < std::min(total, kKept); ++i) {
    const Violation& violation = kept[i];
    report += violation.what;
    if (violation.number >= 0) report.append(" ").append(std::to_string(violation.number));
    report += "\n";
    report += Named(violation);
  }
  return report;
}

void RealtimeTrap::Prepare() {
  void* frame;
  (void)backtrace(&frame, 1);
}

}  // namespace talkpath::test
