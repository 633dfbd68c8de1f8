// What is compiled without RealtimeSanitizer (WebRTC's stages) is heard all the same: the calls of libc are
// watched for the whole program. Built in the realtime build alone.
#include <gtest/gtest.h>

#include "base/realtime.h"
#include "modules/audio_processing/audio_buffer.h"

namespace talkpath {
namespace {

void MakeLibraryAllocate() noexcept TALKPATH_NONBLOCKING { TALKPATH_UNMARKED(webrtc::AudioBuffer(16000, 1, 16000, 1, 16000, 1)); }

TEST(RealtimeSanitizer, ReportsWhatALibraryCompiledWithoutItDoes) {
  EXPECT_EXIT(MakeLibraryAllocate(), testing::ExitedWithCode(43), "RealtimeSanitizer: unsafe-library-call(.|\n)*malloc");
}

}  // namespace
}  // namespace talkpath
