// A session's handle on the control thread.
#pragma once

#include <napi.h>

#include <memory>

#include "session/session.h"

namespace talkpath::bindings {

class AgentEnd : public Napi::ObjectWrap<AgentEnd> {
 public:
  // AgentEnd(sessionId, agentRateHz, startDepthMs): throws when no such session is open, and for what cannot be.
  explicit AgentEnd(const Napi::CallbackInfo& info);
  static void Export(Napi::Env env, Napi::Object exports);

 private:
  // drain(bytes): copies the caller's audio out; returns bytes.
  Napi::Value Drain(const Napi::CallbackInfo& info);
  // nextEvent(fields: Float64Array of 6): type, turn, atMs, streamMs, playedMs, agoMs; false when there is none.
  Napi::Value NextEvent(const Napi::CallbackInfo& info);
  // push(turn, bytes, offset, byteCount, rateHz, endsReply): bytes taken, -1 when not even a mark fitted.
  Napi::Value Push(const Napi::CallbackInfo& info);
  // command(type, turn): false when the tick thread has stopped listening.
  Napi::Value Command(const Napi::CallbackInfo& info);
  Napi::Value Snapshot(const Napi::CallbackInfo& info);
  // release(): lets the session go; every later call does nothing.
  Napi::Value Release(const Napi::CallbackInfo& info);

  std::shared_ptr<Session> session_;
};

}  // namespace talkpath::bindings
