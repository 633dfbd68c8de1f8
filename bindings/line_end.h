// A session's handle on the media thread. PCM crosses as bytes, because a protocol's payload rarely starts
// at an even offset.
#pragma once

#include <napi.h>

#include <memory>

#include "session/session.h"

namespace talkpath::bindings {

class LineEnd : public Napi::ObjectWrap<LineEnd> {
 public:
  // LineEnd(sessionId): throws when no such session is open.
  explicit LineEnd(const Napi::CallbackInfo& info);
  static void Export(Napi::Env env, Napi::Object exports);

 private:
  // push(bytes, offset, byteCount, rateHz): samples taken; an odd last byte is left out.
  Napi::Value Push(const Napi::CallbackInfo& info);
  // drain(bytes, offset): copies out the next frame, if one is waiting; returns its bytes or 0.
  Napi::Value Drain(const Napi::CallbackInfo& info);
  Napi::Value Snapshot(const Napi::CallbackInfo& info);
  // release(): lets the session go; every later call does nothing.
  Napi::Value Release(const Napi::CallbackInfo& info);

  std::shared_ptr<Session> session_;
};

}  // namespace talkpath::bindings
