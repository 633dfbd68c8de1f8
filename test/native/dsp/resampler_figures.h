// What a pair of rates does to audio, measured with tones.
#pragma once

#include "dsp/resampler_streaming.h"

namespace talkpath::test {

struct ResamplerFigures {
  double delay_ms = 0.0;
  double ripple_db = 0.0;        // largest deviation from 0 dB between 300 and 3400 Hz
  double thd_noise_db = 0.0;     // worst of tones up to the passband's edge at -1 dBFS: images included
  double thd_noise_pcm_db = 0.0; // the same with int16 in and out
  double alias_db = -400.0;      // loudest of what tones from 115 % of the lower Nyquist frequency leave; -400 when there are none
  double alias_near_db = -400.0; // the same from 102.5 %, within the transition band
};

ResamplerFigures Measure(RatePair pair);

}  // namespace talkpath::test
