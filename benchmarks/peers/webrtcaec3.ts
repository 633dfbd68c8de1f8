import { toFloat, toInt16 } from './float-samples.js';
import { packageVersion, peerRequire } from './packages.js';
import type { Peer } from './peer.js';

interface Aec3 {
  analyze(data: Float32Array[], options: { sampleRateIn: number }): void;
  processSize(data: Float32Array[], options: { sampleRateIn: number; sampleRateOut: number }): number;
  process(output: Float32Array[], data: Float32Array[], options: { sampleRateIn: number; sampleRateOut: number }): void;
  free(): void;
}
interface Aec3Module {
  readonly AEC3: new (sampleRate: number, renderChannels: number, captureChannels: number) => Aec3;
}

/** WebRTC's AEC3 compiled to wasm. Its documentation asks for 48 kHz inside; it resamples on both sides by itself. */
export async function load(): Promise<Peer> {
  const create = peerRequire('@ennuicastr/webrtcaec3.js') as () => Promise<Aec3Module>;
  const { AEC3 } = await create();
  return {
    version: packageVersion('@ennuicastr/webrtcaec3.js'),
    echoCancellers: [
      {
        name: 'webrtcaec3.js',
        kind: 'wasm',
        note: '48 kHz inside, as its documentation asks, and its own resampling; the delay it searches cannot be set',
        open(sampleRateHz) {
          const aec = new AEC3(48000, 1, 1);
          const options = { sampleRateIn: sampleRateHz, sampleRateOut: sampleRateHz };
          return {
            process(nearEnd, farEnd) {
              aec.analyze([toFloat(farEnd)], { sampleRateIn: sampleRateHz });
              const near = [toFloat(nearEnd)];
              const output = new Float32Array(aec.processSize(near, options));
              aec.process([output], near, options);
              return toInt16(output);
            },
            close: () => aec.free(),
          };
        },
      },
    ],
  };
}
