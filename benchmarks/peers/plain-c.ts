import type { EchoDriver, Peer, ResamplerDriver, VoiceDriver } from './peer.js';
import { plain } from './plain-addon.js';

/** Longer than whatever comes out at once. */
const outputRoom = 20_000;

function resampler(name: string, stage: string, note?: string): ResamplerDriver {
  return {
    name,
    kind: 'plain C',
    ...(note && { note }),
    open(inputRateHz, outputRateHz) {
      const native = new plain.PlainStage(stage, inputRateHz, outputRateHz);
      const output = new Int16Array(outputRoom);
      return {
        process: (frame) => output.slice(0, native.process(frame, undefined, output)),
        timeMs: (input, frameSamples) => native.time(input, undefined, output, frameSamples) / 1e6,
        close: () => {},
      };
    },
  };
}

function echoCanceller(name: string, stage: string, tailMs: number, note: string): EchoDriver {
  return {
    name,
    kind: 'plain C',
    note,
    open(sampleRateHz) {
      const native = new plain.PlainStage(stage, sampleRateHz, tailMs);
      const output = new Int16Array(sampleRateHz / 100);
      return {
        process: (nearEnd, farEnd) => output.slice(0, native.process(nearEnd, farEnd, output)),
        timeMs: (nearEnd, farEnd, blockSamples) => native.time(nearEnd, farEnd, output, blockSamples) / 1e6,
        close: () => {},
      };
    },
  };
}

const voiceDetector: VoiceDriver = {
  name: 'talkpath in plain C',
  kind: 'plain C',
  sampleRateHz: 8000,
  frameSamples: 80,
  open() {
    const native = new plain.PlainStage('our-voice-detector', 8000, 2);
    const output = new Int16Array(1);
    return {
      process(frame) {
        native.process(frame, undefined, output);
        return (output[0] as number) / 32767;
      },
      timeMs: (input, frameSamples) => native.time(input, undefined, output, frameSamples) / 1e6,
      close: () => {},
    };
  },
};

/** Our stages, speexdsp's and libsoxr's without Node around them: the limit of what a binding can reach. */
export function load(): Peer {
  return {
    version: `speexdsp 1.2.1, libsoxr 0.1.3, compiled by ${plain.compiler}`,
    resamplers: [
      resampler('talkpath in plain C', 'ours'),
      resampler('speexdsp q3', 'speexdsp-q3'),
      resampler('speexdsp q5', 'speexdsp-q5'),
      resampler('speexdsp q10', 'speexdsp-q10'),
      resampler('soxr HQ', 'soxr-hq', 'the stock recipe'),
      resampler('soxr VHQ', 'soxr-vhq', 'the stock recipe'),
      resampler('soxr tuned', 'soxr-tuned', 'precision 16, passband to 0.85, stopband from 1.15, DFT size 2^8'),
    ],
    echoCancellers: [
      echoCanceller('talkpath in plain C', 'our-echo-canceller', 1200, 'max_delay_ms 1200'),
      ...[250, 1200].map((tailMs) =>
        echoCanceller(
          `speexdsp, ${tailMs} ms tail`,
          'speexdsp-echo-canceller',
          tailMs,
          'with its suppressor of residual echo and noise; its filter itself has to span the delay',
        ),
      ),
    ],
    voiceDetectors: [voiceDetector],
  };
}
