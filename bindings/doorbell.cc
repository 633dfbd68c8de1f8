#include "doorbell.h"

#include <memory>

#include "convert.h"
#include "engine_object.h"

namespace talkpath::bindings {
namespace {

// A ring may come while its Node thread ends and runs no JavaScript any more; node-addon-api's own call would end
// the process for it. What the callback itself throws is uncaught.
void CallRing(Napi::Env env, Napi::Function callback, void* /*context*/, void* /*data*/) {
  napi_value undefined = nullptr;
  if (static_cast<napi_env>(env) == nullptr || napi_get_undefined(env, &undefined) != napi_ok) return;
  if (napi_call_function(env, undefined, callback, 0, nullptr, nullptr) != napi_pending_exception) return;
  napi_value thrown = nullptr;
  if (napi_get_and_clear_last_exception(env, &thrown) == napi_ok) napi_fatal_exception(env, thrown);
}

using Ringer = Napi::TypedThreadSafeFunction<void, void, CallRing>;

// What one Node thread has hung up; kept by the environment's cleanup hook.
class Doorbell {
 public:
  explicit Doorbell(Napi::Env env) : env_(env) {}
  ~Doorbell() { TakeDown(); }

  void HangUp(const std::shared_ptr<Engine>& engine, Bell::When when, const Napi::Function& callback) {
    TakeDown();
    function_ = Ringer::New(env_, callback, "talkpath doorbell", /*maxQueueSize=*/1, /*initialThreadCount=*/1);
    function_.Unref(env_);
    engine_ = engine;
    number_ = engine->bell().AddDoorbell(when, [function = function_] { (void)function.NonBlockingCall(); });
  }

  void TakeDown() {
    if (number_ == 0) return;
    if (const auto engine = engine_.lock()) engine->bell().RemoveDoorbell(number_);
    number_ = 0;
    function_.Release();
  }

 private:
  Napi::Env env_;
  Ringer function_;
  std::weak_ptr<Engine> engine_;
  int number_ = 0;
};

}  // namespace

void ExportDoorbell(Napi::Env env, Napi::Object exports) {
  auto* doorbell = new Doorbell(env);
  env.AddCleanupHook([](Doorbell* gone) { delete gone; }, doorbell);
  exports["setDoorbell"] = Napi::Function::New(env, [doorbell](const Napi::CallbackInfo& info) -> Napi::Value {
    if (!info[0].IsFunction()) {
      doorbell->TakeDown();
      return info.Env().Undefined();
    }
    const std::shared_ptr<Engine> engine = RunningEngine();
    if (!engine) return Throw(info.Env(), kNotRunning);
    const Bell::When when = IsTrue(info[1]) ? Bell::When::kSteadily : Bell::When::kAtOnce;
    doorbell->HangUp(engine, when, info[0].As<Napi::Function>());
    return info.Env().Undefined();
  });
}

}  // namespace talkpath::bindings
