// The addon's entry point. Loaded once a Node thread; the engine behind it is one a process.
#include <napi.h>

#include "agent_end.h"
#include "doorbell.h"
#include "dsp_functions.h"
#include "echo_canceller_object.h"
#include "engine_object.h"
#include "line_end.h"
#include "noise_suppressor_object.h"
#include "recording_resampler_object.h"
#include "resampler_object.h"
#include "voice_detector_object.h"

namespace talkpath::bindings {
namespace {

Napi::Object Init(Napi::Env env, Napi::Object exports) {
  ExportEngine(env, exports);
  ExportDoorbell(env, exports);
  ExportDspFunctions(env, exports);
  ResamplerObject::Export(env, exports);
  RecordingResamplerObject::Export(env, exports);
  EchoCancellerObject::Export(env, exports);
  NoiseSuppressorObject::Export(env, exports);
  VoiceDetectorObject::Export(env, exports);
  LineEnd::Export(env, exports);
  AgentEnd::Export(env, exports);
  return exports;
}

}  // namespace
}  // namespace talkpath::bindings

Napi::Object InitTalkpath(Napi::Env env, Napi::Object exports) { return talkpath::bindings::Init(env, exports); }
NODE_API_MODULE(talkpath, InitTalkpath)
