#include "dsp/real_fourier.h"

namespace talkpath {

RealFourier::RealFourier(size_t count)
    : count_(count), pffft_(count, webrtc::Pffft::FftType::kReal), samples_(pffft_.CreateBuffer()), spectrum_(pffft_.CreateBuffer()) {}

void RealFourier::Transform() noexcept TALKPATH_NONBLOCKING {
  TALKPATH_UNMARKED(pffft_.ForwardTransform(*samples_, spectrum_.get(), true));
}

void RealFourier::Invert() noexcept TALKPATH_NONBLOCKING {
  TALKPATH_UNMARKED(pffft_.BackwardTransform(*spectrum_, samples_.get(), true));
}

}  // namespace talkpath
