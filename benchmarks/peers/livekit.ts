import { packageVersion, peerRequire } from './packages.js';
import type { Peer, ResamplerDriver } from './peer.js';

interface AudioFrame {
  readonly data: Int16Array;
}
interface AudioResampler {
  push(frame: AudioFrame): AudioFrame[];
  close(): void;
}
interface LiveKit {
  readonly AudioFrame: new (data: Int16Array, sampleRate: number, channels: number, samplesPerChannel: number) => AudioFrame;
  readonly AudioResampler: new (inputRate: number, outputRate: number, channels: number, quality: number) => AudioResampler;
  readonly AudioResamplerQuality: Readonly<Record<'QUICK' | 'MEDIUM' | 'VERY_HIGH', number>>;
  dispose(): Promise<void>;
}

/** LiveKit's libsoxr, through its foreign-function interface. */
export function load(): Peer {
  const livekit = peerRequire('@livekit/rtc-node') as LiveKit;
  const driver = (quality: 'QUICK' | 'MEDIUM' | 'VERY_HIGH'): ResamplerDriver => ({
    name: `LiveKit ${quality}${quality === 'MEDIUM' ? ' (default)' : ''}`,
    kind: 'native addon',
    open(inputRateHz, outputRateHz) {
      const native = new livekit.AudioResampler(inputRateHz, outputRateHz, 1, livekit.AudioResamplerQuality[quality]);
      return {
        process(frame) {
          // It reads from the start of the frame's buffer, whatever part of it the array is.
          const own = frame.byteLength === frame.buffer.byteLength ? frame : frame.slice();
          const [first, ...more] = native.push(new livekit.AudioFrame(own, inputRateHz, 1, own.length));
          if (more.length > 0) throw new Error('LiveKit gave more than one frame at once, which its driver does not expect');
          return first?.data ?? new Int16Array();
        },
        close: () => native.close(),
      };
    },
  });
  return { version: packageVersion('@livekit/rtc-node'), resamplers: [driver('QUICK'), driver('MEDIUM'), driver('VERY_HIGH')] };
}
