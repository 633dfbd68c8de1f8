import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageVersion, peerRequire, peersFolder } from './packages.js';
import type { Peer } from './peer.js';

interface Vad {
  process(frame: Buffer): boolean;
}

const modes = [0, 1, 2, 3];

/** WebRTC's detector of 2011 as a native addon, compiled on this machine. */
export function load(): Peer {
  const complaint = join(peersFolder, 'not-compiled.txt');
  if (existsSync(complaint)) throw new Error(`it could not be compiled: ${readFileSync(complaint, 'utf8').slice(-300)}`);
  const { default: WebRtcVad } = peerRequire('webrtcvad') as { default: new (rateHz: number, level: number) => Vad };
  return {
    version: packageVersion('webrtcvad'),
    voiceDetectors: [
      {
        name: 'webrtcvad',
        kind: 'native addon',
        note: 'it says yes or no: its four modes side by side make the steps of a probability; time is that of one',
        sampleRateHz: 8000,
        frameSamples: 80,
        usedAs: 'mode 2',
        instances: modes.length,
        open() {
          const vads = modes.map((mode) => new WebRtcVad(8000, mode));
          let answers: boolean[] = [];
          return {
            process(frame) {
              const bytes = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength);
              answers = vads.map((vad) => vad.process(bytes));
              return answers.filter(Boolean).length / modes.length;
            },
            speech: () => answers[2] === true,
            close: () => {},
          };
        },
      },
    ],
  };
}
