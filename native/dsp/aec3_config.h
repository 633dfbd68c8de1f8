// How AEC3 is set up for a telephone line. Each value that differs from WebRTC's says why.
#pragma once

#include "api/audio/echo_canceller3_config.h"

namespace talkpath {

// The filter begins this long (4 ms each) before the echo's strongest part.
inline constexpr int kAec3HeadroomBlocks = 2;

webrtc::EchoCanceller3Config Aec3Config();

}  // namespace talkpath
