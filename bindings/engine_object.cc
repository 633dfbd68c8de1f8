#include "engine_object.h"

#include <mutex>

#include "convert.h"

namespace talkpath::bindings {
namespace {

std::mutex engine_mutex;
std::shared_ptr<Engine> running_engine;

// While the engine still is: a Node thread that ends meanwhile takes its doorbell away, or finds nobody who rings it.
void Stop() {
  if (running_engine) running_engine->bell().Stop();
  running_engine.reset();
}

// A thread that ends without stopping its engine would leave one behind that nobody else can stop.
void StopWithThread(Napi::Env env, const std::shared_ptr<Engine>& engine) {
  env.AddCleanupHook(
      [](std::weak_ptr<Engine>* own) {
        const std::lock_guard lock(engine_mutex);
        if (running_engine && running_engine == own->lock()) Stop();
        delete own;
      },
      new std::weak_ptr<Engine>(engine));
}

Napi::Value StartEngine(const Napi::CallbackInfo& info) {
  const std::lock_guard lock(engine_mutex);
  if (running_engine) return Throw(info.Env(), "The engine is already running in this process, which can have but one: stop it first");
  const std::optional<EngineConfig> config = ToEngineConfig(info[0]);
  if (!config) return info.Env().Undefined();
  auto engine = Engine::Create(*config);
  if (!engine) return Throw(info.Env(), engine.error().message);
  running_engine = std::move(*engine);
  StopWithThread(info.Env(), running_engine);
  return info.Env().Undefined();
}

Napi::Value StopEngine(const Napi::CallbackInfo& info) {
  const std::lock_guard lock(engine_mutex);
  Stop();
  return info.Env().Undefined();
}

Napi::Value OpenSession(const Napi::CallbackInfo& info) {
  const std::shared_ptr<Engine> engine = RunningEngine();
  if (!engine) return Throw(info.Env(), kNotRunning);
  const std::optional<SessionConfig> config = ToSessionConfig(info[0]);
  if (!config) return info.Env().Undefined();
  const auto id = engine->Open(*config);
  if (!id) return engine->HasRoom() ? Throw(info.Env(), id.error().message) : ThrowCoded(info.Env(), "TP_ENGINE_FULL", id.error().message);
  return Napi::Number::New(info.Env(), static_cast<double>(*id));
}

Napi::Value CloseSession(const Napi::CallbackInfo& info) {
  if (const std::shared_ptr<Engine> engine = RunningEngine()) {
    engine->Close(static_cast<Engine::SessionId>(info[0].As<Napi::Number>().Int64Value()));
  }
  return info.Env().Undefined();
}

Napi::Value EngineStats(const Napi::CallbackInfo& info) {
  const std::shared_ptr<Engine> engine = RunningEngine();
  if (!engine) return info.Env().Undefined();
  return ToObject(info.Env(), engine->Snapshot());
}

}  // namespace

std::shared_ptr<Engine> RunningEngine() {
  const std::lock_guard lock(engine_mutex);
  return running_engine;
}

void ExportEngine(Napi::Env env, Napi::Object exports) {
  exports["startEngine"] = Napi::Function::New(env, StartEngine);
  exports["stopEngine"] = Napi::Function::New(env, StopEngine);
  exports["openSession"] = Napi::Function::New(env, OpenSession);
  exports["closeSession"] = Napi::Function::New(env, CloseSession);
  exports["engineSnapshot"] = Napi::Function::New(env, EngineStats);
}

}  // namespace talkpath::bindings
