// Many AudioSocket callers in one thread: each sends a frame every 20 ms on an absolute clock and notes when each
// frame of the agent's comes. It is what measures, so it costs as little as can be: a caller written in JavaScript
// is late by more than the server that it watches.
//   many_callers PORT CALLS SECONDS      to 127.0.0.1; prints one line of JSON
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <span>
#include <vector>

namespace {

constexpr double kFrameMs = 20.0;
constexpr size_t kHeaderBytes = 3;
constexpr size_t kPayloadBytes = 160 * sizeof(int16_t);  // 20 ms at 8 kHz
constexpr int kDialEveryUs = 5000;
constexpr int kNiceness = -10;
constexpr uint32_t kTimer = UINT32_MAX;

using Frame = std::array<uint8_t, kHeaderBytes + kPayloadBytes>;

double NowMs() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

[[noreturn]] void Die(const char* what) {
  std::perror(what);
  std::exit(1);
}

struct Caller {
  int socket = -1;
  double first_due_ms = 0.0;
  int64_t frames_sent = 0;
  std::vector<double> heard_at_ms;
  std::vector<uint8_t> unread;

  double due_ms() const { return first_due_ms + static_cast<double>(frames_sent) * kFrameMs; }
};

void Dial(Caller& caller, uint16_t port, std::mt19937& random) {
  caller.socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  setsockopt(caller.socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  sockaddr_in address{.sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}, .sin_zero = {}};
  if (connect(caller.socket, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) Die("connect");
  std::array<uint8_t, kHeaderBytes + 16> uuid{0x01, 0x00, 16};
  for (uint8_t& byte : std::span(uuid).subspan(kHeaderBytes)) byte = static_cast<uint8_t>(random());
  if (write(caller.socket, uuid.data(), uuid.size()) != static_cast<ssize_t>(uuid.size())) Die("write");
}

Frame Noise(std::mt19937& random) {
  Frame frame{0x10, kPayloadBytes >> 8, kPayloadBytes & 0xff};
  std::normal_distribution<float> amplitude(0.0f, 2000.0f);
  for (size_t at = kHeaderBytes; at < frame.size(); at += 2) {
    const int sample = static_cast<int>(amplitude(random));
    frame[at] = static_cast<uint8_t>(sample);
    frame[at + 1] = static_cast<uint8_t>(sample >> 8);
  }
  return frame;
}

void Hear(Caller& caller) {
  std::array<uint8_t, 65536> bytes;
  const ssize_t count = read(caller.socket, bytes.data(), bytes.size());
  const double now_ms = NowMs();
  if (count <= 0) Die("a call was ended by the server");
  caller.unread.insert(caller.unread.end(), bytes.begin(), bytes.begin() + count);
  size_t at = 0;
  while (caller.unread.size() - at >= kHeaderBytes) {
    const size_t whole = kHeaderBytes + (static_cast<size_t>(caller.unread[at + 1]) << 8) + caller.unread[at + 2];
    if (caller.unread.size() - at < whole) break;
    caller.heard_at_ms.push_back(now_ms);
    at += whole;
  }
  caller.unread.erase(caller.unread.begin(), caller.unread.begin() + static_cast<long>(at));
}

void SleepUntil(int timer, double due_ms) {
  const auto whole_s = static_cast<time_t>(due_ms / 1e3);
  const itimerspec when{.it_interval = {}, .it_value = {whole_s, static_cast<long>((due_ms - static_cast<double>(whole_s) * 1e3) * 1e6)}};
  timerfd_settime(timer, TFD_TIMER_ABSTIME, &when, nullptr);
}

// A frame that is late comes some time; one that is missing delays all that follow, the most punctual of them too.
int64_t Missing(std::span<const double> heard_at_ms) {
  const size_t some = std::min<size_t>(10, heard_at_ms.size() / 2);
  const auto least_delay = [&](size_t from) {
    double least_ms = INFINITY;
    for (size_t i = from; i < from + some; ++i) least_ms = std::min(least_ms, heard_at_ms[i] - static_cast<double>(i) * kFrameMs);
    return least_ms;
  };
  return std::max<int64_t>(0, std::llround((least_delay(heard_at_ms.size() - some) - least_delay(0)) / kFrameMs));
}

double Quantile(const std::vector<double>& sorted, double q) {
  if (sorted.empty()) return NAN;
  return sorted[std::min(sorted.size() - 1, static_cast<size_t>(static_cast<double>(sorted.size()) * q))];
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fprintf(stderr, "usage: many_callers PORT CALLS SECONDS\n");
    return 2;
  }
  const auto port = static_cast<uint16_t>(std::atoi(argv[1]));
  std::vector<Caller> callers(static_cast<size_t>(std::atoi(argv[2])));
  const double seconds = std::atof(argv[3]);
  (void)setpriority(PRIO_PROCESS, 0, kNiceness);  // where the system allows: the instrument must not be what is late
  prctl(PR_SET_TIMERSLACK, 1UL);

  std::mt19937 random(std::random_device{}());
  const Frame frame = Noise(random);
  const int poll = epoll_create1(EPOLL_CLOEXEC);
  const auto watch = [poll](int descriptor, uint32_t what) {
    epoll_event event{.events = EPOLLIN, .data = {.u32 = what}};
    if (epoll_ctl(poll, EPOLL_CTL_ADD, descriptor, &event) != 0) Die("epoll_ctl");
  };
  const int timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
  watch(timer, kTimer);
  for (uint32_t i = 0; i < callers.size(); ++i) {
    Dial(callers[i], port, random);
    watch(callers[i].socket, i);
    usleep(kDialEveryUs);
  }

  // Callers speak at every moment of the 20 ms, as those of a real line do.
  const double begin_ms = NowMs() + kFrameMs;
  for (size_t i = 0; i < callers.size(); ++i) {
    callers[i].first_due_ms = begin_ms + kFrameMs * static_cast<double>(i) / static_cast<double>(callers.size());
  }
  std::vector<double> sent_late_ms;  // how punctual this machine lets a thread be that only sends
  while (NowMs() < begin_ms + seconds * 1e3) {
    SleepUntil(timer, std::ranges::min(callers, {}, &Caller::due_ms).due_ms());
    std::array<epoll_event, 64> events;
    const int count = epoll_wait(poll, events.data(), events.size(), 100);
    for (const epoll_event& event : std::span(events).first(static_cast<size_t>(std::max(count, 0)))) {
      uint64_t expirations = 0;
      if (event.data.u32 != kTimer) Hear(callers[event.data.u32]);
      else if (read(timer, &expirations, sizeof expirations) < 0) Die("read of the timer");
    }
    for (Caller& caller : callers) {
      for (; caller.due_ms() <= NowMs(); ++caller.frames_sent) {
        sent_late_ms.push_back(NowMs() - caller.due_ms());
        if (write(caller.socket, frame.data(), frame.size()) != static_cast<ssize_t>(frame.size())) Die("write");
      }
    }
  }

  std::vector<double> gaps_ms;
  int64_t missing = 0;
  for (const Caller& caller : callers) {
    // What came while we dialled the others was not read in time.
    const auto begin = std::ranges::lower_bound(caller.heard_at_ms, begin_ms + 1000.0);
    const std::span<const double> heard(begin, caller.heard_at_ms.end());
    if (heard.size() < 2) Die("a call without sound");
    for (size_t i = 1; i < heard.size(); ++i) gaps_ms.push_back(heard[i] - heard[i - 1]);
    missing += Missing(heard);
    close(caller.socket);
  }
  std::ranges::sort(gaps_ms);
  std::ranges::sort(sent_late_ms);
  std::printf(
      "{\"frames\":%zu,\"gapMs\":{\"p50\":%.2f,\"p99\":%.2f,\"p999\":%.2f,\"max\":%.2f},\"missingToCaller\":%ld,\"framesSent\":%zu,"
      "\"sentLateMs\":{\"p50\":%.2f,\"p99\":%.2f,\"max\":%.2f}}\n",
      gaps_ms.size(), Quantile(gaps_ms, 0.5), Quantile(gaps_ms, 0.99), Quantile(gaps_ms, 0.999), Quantile(gaps_ms, 1.0), missing,
      sent_late_ms.size(), Quantile(sent_late_ms, 0.5), Quantile(sent_late_ms, 0.99), Quantile(sent_late_ms, 1.0));
}
