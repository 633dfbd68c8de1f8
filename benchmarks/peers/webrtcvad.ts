import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageVersion, peerRequire, peersFolder } from './packages.js';
import type { Peer } from './peer.js';

interface Vad {
  process(frame: Buffer): boolean;
}

/** WebRTC's detector of 2011 as a native addon, compiled on this machine. */
export function load(): Peer {
  const complaint = join(peersFolder, 'not-compiled.txt');
  if (existsSync(complaint)) throw new Error(`it could not be compiled: ${readFileSync(complaint, 'utf8').slice(-300)}`);
  const { default: WebRtcVad } = peerRequire('webrtcvad') as { default: new (rateHz: number, level: number) => Vad };
  return {
    version: packageVersion('webrtcvad'),
    voiceDetectors: [0, 1, 2, 3].map((mode) => ({
      name: `webrtcvad, mode ${mode}`,
      kind: 'native addon',
      note: 'says yes or no',
      sampleRateHz: 8000,
      frameSamples: 160,
      open() {
        const vad = new WebRtcVad(8000, mode);
        return { process: (frame) => (vad.process(Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength)) ? 1 : 0), close: () => {} };
      },
    })),
  };
}
