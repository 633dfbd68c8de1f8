import { EchoCanceller, Resampler, VoiceDetector } from '#talkpath/dsp.js';
import type { Peer, ResamplerDriver } from './peer.js';

/** A new array for each frame, as every peer gives. */
const resampler: ResamplerDriver = {
  name: 'talkpath',
  kind: 'talkpath',
  open: (inputRateHz, outputRateHz) => new Resampler({ inputRateHz, outputRateHz }),
};

const resamplerIntoOneArray: ResamplerDriver = {
  name: 'talkpath, output array given',
  kind: 'talkpath',
  note: 'process(input, output): nothing is allocated for a frame',
  open(inputRateHz, outputRateHz) {
    const stream = new Resampler({ inputRateHz, outputRateHz });
    const output = new Int16Array(stream.outputSamples(inputRateHz / 50) + 1);
    return { process: (frame) => stream.process(frame, output), close: () => stream.close() };
  },
};

/** The classes of talkpath/dsp. */
export function load(): Peer {
  return {
    version: 'talkpath (this tree)',
    resamplers: [resampler, resamplerIntoOneArray],
    echoCancellers: [
      {
        name: 'talkpath',
        kind: 'talkpath',
        note: 'maxDelayMs 1200',
        open: (sampleRateHz) => new EchoCanceller({ sampleRateHz, maxDelayMs: 1200 }),
      },
    ],
    voiceDetectors: [
      {
        name: 'talkpath',
        kind: 'talkpath',
        sampleRateHz: 8000,
        frameSamples: 80,
        usedAs: 'mode 2, the default',
        open() {
          const detector = new VoiceDetector({ sampleRateHz: 8000 });
          let speech = false;
          return {
            process(frame) {
              const decision = detector.process(frame);
              speech = decision.speech;
              return decision.probability;
            },
            speech: () => speech,
            close: () => detector.close(),
          };
        },
      },
    ],
  };
}
