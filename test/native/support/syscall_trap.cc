#include "support/syscall_trap.h"

#include <signal.h>
#include <sys/prctl.h>
#include <ucontext.h>

#include "support/build.h"
#include "support/realtime_trap.h"

namespace talkpath::test {
namespace {

#if defined(__x86_64__)

constexpr int kSetSyscallUserDispatch = 59;  // PR_SET_SYSCALL_USER_DISPATCH
constexpr int kDispatchOn = 1;
constexpr char kAllow = 0;
constexpr char kBlock = 1;
constexpr int kSyscallInstructionBytes = 2;

thread_local volatile char selector = kAllow;

void OnSystemCall(int, siginfo_t* info, void* context) {
  selector = kAllow;
  RealtimeTrap::Record("system call", info->si_syscall);
  // The kernel has put the registers back: go and make the call after all.
  static_cast<ucontext_t*>(context)->uc_mcontext.gregs[REG_RIP] -= kSyscallInstructionBytes;
}

bool Dispatch() {
  struct sigaction action = {};
  action.sa_sigaction = OnSystemCall;
  action.sa_flags = SA_SIGINFO;
  return sigaction(SIGSYS, &action, nullptr) == 0 && prctl(kSetSyscallUserDispatch, kDispatchOn, 0, 0, &selector) == 0;
}

void Select(bool block) noexcept { selector = block ? kBlock : kAllow; }

#else

bool Dispatch() { return false; }
void Select(bool) noexcept {}

#endif

}  // namespace

bool SyscallTrap::Available() { return !kSanitized && Dispatch(); }

SyscallTrap::SyscallTrap() noexcept { Select(true); }
SyscallTrap::~SyscallTrap() { Select(false); }

}  // namespace talkpath::test
