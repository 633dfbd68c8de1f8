import { toFloat, toInt16 } from './float-samples.js';
import { packageVersion, peerRequire } from './packages.js';
import type { Peer, ResamplerDriver } from './peer.js';

interface Src {
  full(data: Float32Array): Float32Array;
  destroy(): void;
}
interface LibSampleRate {
  create(channels: number, inputRate: number, outputRate: number, options: { converterType: number }): Promise<Src>;
  readonly ConverterType: Readonly<Record<'SRC_SINC_FASTEST' | 'SRC_SINC_MEDIUM_QUALITY' | 'SRC_SINC_BEST_QUALITY', number>>;
}

const note = 'floats inside: int16 is converted on both sides, as phone audio must be; full(), the call for streams';

/** libsamplerate compiled to wasm. */
export function load(): Peer {
  const library = peerRequire('@alexanderolsen/libsamplerate-js') as LibSampleRate;
  const driver = (name: string, type: keyof LibSampleRate['ConverterType']): ResamplerDriver => ({
    name: `libsamplerate-js ${name}`,
    kind: 'wasm',
    note,
    async open(inputRateHz, outputRateHz) {
      const wasm = await library.create(1, inputRateHz, outputRateHz, { converterType: library.ConverterType[type] });
      return { process: (frame) => toInt16(wasm.full(toFloat(frame))), close: () => wasm.destroy() };
    },
  });
  return {
    version: packageVersion('@alexanderolsen/libsamplerate-js'),
    resamplers: [
      driver('FASTEST (default)', 'SRC_SINC_FASTEST'),
      driver('MEDIUM', 'SRC_SINC_MEDIUM_QUALITY'),
      driver('BEST', 'SRC_SINC_BEST_QUALITY'),
    ],
  };
}
