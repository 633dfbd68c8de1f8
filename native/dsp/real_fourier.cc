#include "dsp/real_fourier.h"

namespace talkpath {

RealFourier::RealFourier(size_t count)
    : pffft_(count, webrtc::Pffft::FftType::kReal),
      sample_buffer_(pffft_.CreateBuffer()),
      spectrum_buffer_(pffft_.CreateBuffer()),
      samples_(sample_buffer_->GetView().data(), count),
      spectrum_(spectrum_buffer_->GetView().data(), count) {}

void RealFourier::Transform() noexcept TALKPATH_NONBLOCKING {
  TALKPATH_UNMARKED(pffft_.ForwardTransform(*sample_buffer_, spectrum_buffer_.get(), true));
}

void RealFourier::Invert() noexcept TALKPATH_NONBLOCKING {
  TALKPATH_UNMARKED(pffft_.BackwardTransform(*spectrum_buffer_, sample_buffer_.get(), true));
}

}  // namespace talkpath
