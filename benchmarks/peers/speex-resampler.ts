import { packageVersion, peerRequire } from './packages.js';
import type { Peer, ResamplerDriver } from './peer.js';

interface SpeexResampler {
  processChunk(chunk: Buffer): Buffer;
}
interface SpeexModule {
  readonly default: {
    new (channels: number, inRate: number, outRate: number, quality?: number): SpeexResampler;
    readonly initPromise: Promise<unknown>;
  };
}

/** speexdsp's resampler compiled to wasm. It takes and gives Buffers. */
export async function load(): Promise<Peer> {
  const { default: Speex } = peerRequire('speex-resampler') as SpeexModule;
  await Speex.initPromise;
  const driver = (quality: number): ResamplerDriver => ({
    name: `speex-resampler q${quality}${quality === 7 ? ' (default)' : ''}`,
    kind: 'wasm',
    note: 'it takes and gives Buffers; its glue adds a handler for uncaught exceptions to the whole process',
    open(inputRateHz, outputRateHz) {
      const wasm = new Speex(1, inputRateHz, outputRateHz, quality);
      return {
        process(frame) {
          const output = wasm.processChunk(Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength));
          return new Int16Array(output.buffer, output.byteOffset, output.byteLength / 2);
        },
        close: () => {},
      };
    },
  });
  return { version: packageVersion('speex-resampler'), resamplers: [driver(5), driver(7), driver(10)] };
}
