import { packageVersion, peerRequire } from './packages.js';
import type { Peer } from './peer.js';

interface WaveResampler {
  resample(samples: Float64Array, oldSampleRate: number, sampleRate: number): Float64Array;
}

const toInt16 = (values: Float64Array): Int16Array => Int16Array.from(values, (value) => Math.max(-32768, Math.min(32767, Math.round(value))));

/** A resampler in JavaScript. It has no stream: it converts whole recordings. */
export function load(): Peer {
  const { resample } = peerRequire('wave-resampler') as WaveResampler;
  return {
    version: packageVersion('wave-resampler'),
    resamplers: [
      {
        name: 'wave-resampler, a call a frame',
        kind: 'javascript',
        note: 'made for whole recordings; voice agents call it for each frame, which is what is measured here',
        open: (inputRateHz, outputRateHz) => ({
          process: (frame) => toInt16(resample(Float64Array.from(frame), inputRateHz, outputRateHz)),
          close: () => {},
        }),
      },
    ],
  };
}
