#include "dsp/aec3_config.h"

#include "modules/audio_processing/aec3/aec3_common.h"

namespace talkpath {

webrtc::EchoCanceller3Config Aec3Config() {
  webrtc::EchoCanceller3Config config;

  // The far end comes aligned: no delay is left to search for, and little of it to remember.
  config.delay.num_filters = 1;
  config.delay.delay_headroom_samples = static_cast<size_t>(kAec3HeadroomBlocks) * webrtc::kBlockSize;

  // 48 ms hold the headroom, the 16 ms of a hybrid and a small room. At first 32 ms, with the coarse filter at its full
  // step: a shorter filter learns sooner, and a word with a sound that it has not heard yet is learnt rather than passed
  // on for the caller's. With 40 ms the worst residual after a second of speech is 4 dB higher.
  config.filter.refined.length_blocks = config.filter.coarse.length_blocks = 12;
  config.filter.refined_initial.length_blocks = config.filter.coarse_initial.length_blocks = 8;
  config.filter.coarse_initial.rate = 1.0f;
  // An echo path through wires is learnt in less than the 2.5 s that a room takes; until then nothing that the young
  // filter leaves is taken for the caller.
  config.filter.initial_state_seconds = 1.5f;
  config.suppressor.dominant_nearend_detection.use_during_initial_phase = false;
  // So good a filter may be trusted further before the suppressor takes the rest, and the caller with it: the loss in
  // double talk falls by 0.5 dB, at the same residual.
  config.erle.max_l = 8.0f;
  config.erle.max_h = 3.0f;

  return config;
}

}  // namespace talkpath
