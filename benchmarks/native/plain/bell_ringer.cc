#include "bell_ringer.h"

#include <algorithm>
#include <atomic>
#include <functional>
#include <thread>
#include <vector>

#include "base/clock.h"

namespace talkpath::benchmarks {
namespace {

// Calls `work` with the time at which each period was due.
class Ticker {
 public:
  ~Ticker() { Stop(); }

  void Start(double period_ms, std::function<void(int64_t)> work) {
    Stop();
    stopping_.store(false);
    thread_ = std::thread([this, period_ns = static_cast<int64_t>(period_ms * kNsPerMs), work = std::move(work)] {
      for (int64_t due_ns = MonotonicNs() + period_ns; !stopping_.load(); due_ns += period_ns) {
        SleepUntilNs(due_ns);
        work(due_ns);
      }
    });
  }
  void Stop() {
    stopping_.store(true);
    if (thread_.joinable()) thread_.join();
  }

 private:
  std::thread thread_;
  std::atomic<bool> stopping_{false};
};

struct Bells {
  std::vector<Napi::ThreadSafeFunction> ropes;
  Ticker ticker;

  void Stop() {
    ticker.Stop();
    for (Napi::ThreadSafeFunction& rope : ropes) rope.Release();
    ropes.clear();
  }
};

struct Ticks {
  std::vector<double> late_ms;
  Ticker ticker;
};

Bells bells;
Ticks ticks;

}  // namespace

void ExportBells(Napi::Env env, Napi::Object exports) {
  exports["startBells"] = Napi::Function::New(env, [](const Napi::CallbackInfo& info) {
    bells.Stop();
    const auto callbacks = info[1].As<Napi::Array>();
    for (uint32_t i = 0; i < callbacks.Length(); ++i) {
      bells.ropes.push_back(Napi::ThreadSafeFunction::New(info.Env(), callbacks.Get(i).As<Napi::Function>(), "bell", 1, 1));
    }
    bells.ticker.Start(info[0].As<Napi::Number>().DoubleValue(), [](int64_t) {
      const double rung_ms = static_cast<double>(MonotonicNs()) / kNsPerMs;
      for (Napi::ThreadSafeFunction& rope : bells.ropes) {
        rope.NonBlockingCall([rung_ms](Napi::Env here, Napi::Function callback) { callback.Call({Napi::Number::New(here, rung_ms)}); });
      }
    });
  });
  exports["stopBells"] = Napi::Function::New(env, [](const Napi::CallbackInfo&) { bells.Stop(); });
}

void ExportTicks(Napi::Env env, Napi::Object exports) {
  exports["startTicks"] = Napi::Function::New(env, [](const Napi::CallbackInfo& info) {
    ticks.ticker.Stop();
    ticks.late_ms.clear();
    ticks.ticker.Start(info[0].As<Napi::Number>().DoubleValue(), [](int64_t due_ns) {
      ticks.late_ms.push_back(static_cast<double>(MonotonicNs() - due_ns) / kNsPerMs);
    });
  });
  exports["stopTicks"] = Napi::Function::New(env, [](const Napi::CallbackInfo& info) -> Napi::Value {
    ticks.ticker.Stop();
    Napi::Float64Array late_ms = Napi::Float64Array::New(info.Env(), ticks.late_ms.size());
    std::ranges::copy(ticks.late_ms, late_ms.Data());
    return late_ms;
  });
}

}  // namespace talkpath::benchmarks
