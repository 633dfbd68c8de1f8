// What a resampler does to audio: every figure that is stated of one, measured in one place, of ours and of others.
//
// Everything is streamed in frames of 20 ms. "Nyquist" is that of the lower rate. Levels are relative to a
// full-scale sine; -400 where there is nothing to measure, as with aliases of a pair that raises the rate.
#pragma once

#include <functional>

#include "dsp/resampler_streaming.h"

namespace talkpath::test {

struct ResamplerFigures {
  // From the response to an impulse.
  double delay_ms = 0.0;          // of low frequencies
  double longest_delay_ms = 0.0;  // between 300 Hz and 85 % of Nyquist
  double ripple_db = 0.0;         // largest deviation from 0 dB between 300 and 3400 Hz
  double ripple_pcm_db = 0.0;     // the same, int16 in and out
  double edge_ripple_db = 0.0;    // to 85 % of Nyquist
  double pre_ring_db = 0.0;       // the loudest swing against the peak that comes before it
  double withheld_ms = 0.0;       // output that is due after a frame and not there, at most
  double lag_ms = 0.0;            // from handing in a sample to getting out its peak, withheld output included

  // Twenty tones between 300 Hz and 85 % of Nyquist at -1, -20 and -60 dBFS: the worst.
  double thd_noise_db = -400.0;        // against the tone, in float
  double thd_noise_pcm_db = -400.0;    // against the tone, int16 in and out, at -1 dBFS
  double thd_noise_pcm_dbfs = -400.0;  // against full scale, int16 in and out, at any of these levels

  // Tones every 233 Hz at full scale: the loudest line that was not sent.
  double alias_db = -400.0;       // of tones from 115 % of Nyquist, 4.6 kHz when the lower rate is 8 kHz
  double alias_pcm_db = -400.0;   // the same, int16 in and out
  double alias_near_db = -400.0;  // from 102.5 %, 4.1 kHz
  double image_db = -400.0;       // of tones between 300 Hz and 85 %
  double image_pcm_db = -400.0;   // the same, int16 in and out

  // Two tones: the loudest product, in float and int16.
  double ccif_db = -400.0;  // 3.0 and 3.2 kHz
  double ccif_pcm_db = -400.0;
  double smpte_db = -400.0;  // 60 Hz and 3 kHz, 4 to 1
  double smpte_pcm_db = -400.0;

  // Of a sweep to the input's Nyquist frequency: the loudest line in the passband off the sweep itself.
  double sweep_db = -400.0;
  double sweep_pcm_db = -400.0;
  double overshoot_db = 0.0;  // peak of what a full-scale square wave becomes
};

// What is measured.
struct ResamplerUnderTest {
  RatePair pair;
  // Sends `in` through a fresh stream in frames of 20 ms; what is still withheld at the end is lost.
  std::function<Samples(std::span<const float> in)> resample;
  // After so long a tone has settled, at the output.
  int settling_ms = 30;
};

ResamplerFigures Measure(const ResamplerUnderTest& resampler);
// Of ours.
ResamplerFigures Measure(RatePair pair);

}  // namespace talkpath::test
