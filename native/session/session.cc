#include "session/session.h"

#include "base/pcm.h"

namespace talkpath {
namespace {

constexpr size_t kMaxCommands = 64;

}  // namespace

Result<std::unique_ptr<Session>> Session::Create(const SessionConfig& config) {
  if (auto valid = Validate(config); !valid) return std::unexpected(valid.error());
  auto events = std::make_unique<EventSink>();
  auto uplink = Uplink::Create(config, *events);
  if (!uplink) return std::unexpected(uplink.error());
  for (int rate_hz : {config.line_rate_hz, 8000}) (void)ResamplerKernel::Get(rate_hz, ProcessingRateHz(config));
  return std::unique_ptr<Session>(new Session(config, std::move(events), std::move(*uplink)));
}

Session::Session(const SessionConfig& config, std::unique_ptr<EventSink> events, std::unique_ptr<Uplink> uplink)
    : events_owner_(std::move(events)),
      events_(*events_owner_),
      uplink_(std::move(uplink)),
      downlink_(config, events_),
      commands_(kMaxCommands) {
  far_end_resampler_.SetKernel(ResamplerKernel::Find(config.line_rate_hz, ProcessingRateHz(config)));
}

size_t Session::PushFromLine(std::span<const int16_t> samples, int rate_hz) {
  (void)ResamplerKernel::Get(rate_hz, uplink_->processing_rate_hz());
  return uplink_->PushFromLine(samples, rate_hz);
}

void Session::AttachAgent(int agent_rate_hz, int start_depth_ms, int64_t now_ns) {
  (void)ResamplerKernel::Get(uplink_->processing_rate_hz(), agent_rate_hz);
  downlink_.AgentSeen(now_ns);
  downlink_.AgentAttached(start_depth_ms);
  uplink_->SetAgentRate(agent_rate_hz);
}

size_t Session::DrainToAgent(std::span<int16_t> samples, int64_t now_ns) noexcept {
  downlink_.AgentSeen(now_ns);
  return uplink_->DrainToAgent(samples);
}

size_t Session::PushFromAgent(uint32_t turn, std::span<const int16_t> samples, int rate_hz, bool ends_reply) {
  (void)ResamplerKernel::Get(rate_hz, downlink_.line_rate_hz());
  return downlink_.PushFromAgent(turn, samples, rate_hz, ends_reply);
}

void Session::Tick(int64_t now_ns) noexcept TALKPATH_NONBLOCKING {
  RunCommands(now_ns);
  if (uplink_->wants_far_end()) ReferenceToUplink();
  const bool speech_started = uplink_->Tick(now_ns);
  if (speech_started && barge_in_armed_ && downlink_.audible()) downlink_.Pause();
  downlink_.Tick(now_ns);
}

void Session::RunCommands(int64_t now_ns) noexcept TALKPATH_NONBLOCKING {
  while (const std::optional<SessionCommand> command = commands_.TryPop()) {
    switch (command->type) {
      case SessionCommandType::kFlush: downlink_.FlushThrough(command->turn, now_ns); break;
      case SessionCommandType::kPause: downlink_.Pause(); break;
      case SessionCommandType::kResume: downlink_.Resume(); break;
      case SessionCommandType::kArmBargeIn: barge_in_armed_ = true; break;
      case SessionCommandType::kDisarmBargeIn: barge_in_armed_ = false; break;
    }
  }
}

// The far-end reference is what the line end has really taken: a frame that waits for it, or that found no room, cannot
// echo.
void Session::ReferenceToUplink() noexcept TALKPATH_NONBLOCKING {
  const size_t block = SamplesPerBlock(uplink_->processing_rate_hz());
  for (std::span<const int16_t> frame = downlink_.NextTaken(); !frame.empty(); frame = downlink_.NextTaken()) {
    const std::span<float> taken = std::span(taken_).first(frame.size());
    ToFloat(frame, taken);
    const size_t count = far_end_resampler_.Process(taken, far_end_);
    for (size_t at = 0; at + block <= count; at += block) uplink_->PushFarEnd(std::span<const float>(far_end_).subspan(at, block));
  }
}

SessionSnapshot Session::Snapshot() const noexcept {
  SessionSnapshot snapshot;
  uplink_->AddTo(snapshot);
  downlink_.AddTo(snapshot);
  snapshot.events_lost = events_.lost();
  return snapshot;
}

}  // namespace talkpath
