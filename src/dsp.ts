/** The stages of the media engine for use by themselves: mono int16 in, mono int16 out. docs/dsp.md has examples. */

export { convertRate } from './dsp/convert-rate.js';
export { EchoCanceller, type EchoCancellerOptions, type EchoState } from './dsp/echo-canceller.js';
export { g711 } from './dsp/g711.js';
export { type NoiseSuppressionLevel, NoiseSuppressor, type NoiseSuppressorOptions } from './dsp/noise-suppressor.js';
export { bytesOf, samplesOf } from './dsp/pcm.js';
export { Resampler, type ResamplerOptions } from './dsp/resampler.js';
export { ResamplerStream } from './dsp/resampler-stream.js';
export { type VoiceDecision, VoiceDetector, type VoiceDetectorOptions } from './dsp/voice-detector.js';
