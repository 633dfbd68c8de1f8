import type { Model, ModelFile } from './catalogue.js';

/** Path in the package, sha256, bytes. */
type FileEntry = readonly [source: string, sha256: string, sizeBytes: number];

const node: readonly FileEntry[] = [
  ['package.json', '0871cd56ac2b9c9dfc834c7eabba819e5d4f966f005388515abb3402b14e0874', 1593],
  ['dist/index.js', '019eb02133b94b1f7fdf2d89eb93b590ce1288d271f7b280647fb3978e6391fa', 1602],
  ['dist/backend.js', 'a79e8019e7276a282987023f9d38d41063a99e563e5e1a6f38a73a7d39ea83ab', 6289],
  ['dist/binding.js', '2a85ac5de943c7222aae5ca2897f52d73891f528d4295b701fab077470c668c0', 1590],
  ['dist/version.js', '0a1a7f532f4455ead0678966815c3114730150aa4368ebb5ebd9727425e9003b', 361],
  ['bin/napi-v6/linux/x64/onnxruntime_binding.node', 'ccdc60b981d93a490cf9513d3f583547252b6e285b72988a96a494f2f006c7b8', 389488],
  ['bin/napi-v6/linux/x64/libonnxruntime.so.1', 'ffb75a925ba05e47b235bb66e3e3911714a80b328a9c9425539feb204aa32a23', 45828512],
];

const common: readonly FileEntry[] = [
  ['package.json', '4266741a80346e25820ccc494fbffb95e2f652b6dfb5585025be44df3b0d6722', 977],
  ['dist/cjs/backend-impl.js', '3d25321895995f7e9480570b9a88f121049adf152e1829d0ecb11218da02d487', 5608],
  ['dist/cjs/backend.js', '325aaee7a2649ea27629666f3ca01c0d80b9751e704ce502e43a8352390749b4', 433],
  ['dist/cjs/env-impl.js', '35cd8cac33973538eab471b68622c86c35a6896f4307d1a74c9ca0eda7abbac6', 969],
  ['dist/cjs/env.js', '22c7647f8ca1c1b83b437a92b95fee1457fcb72866fa029616b8f146dc609be8', 366],
  ['dist/cjs/index.js', 'd7dd6cc9790e87299099fcd1b0ccb4969c01591d7eec0383a1c64dbea133dd1a', 1955],
  ['dist/cjs/inference-session-impl.js', '88d90723a169297855ad3b564b134c6b685b2661316c81f71fc80da1e203bae0', 8996],
  ['dist/cjs/inference-session.js', '458be26f316c5068d32a56ddbc30ca0aa687c636e079b3d161a69f0f14a683f1', 467],
  ['dist/cjs/onnx-model.js', '667f5fdac4b6df25e17f8a864d4dc619507f541f9fa0aafb6d3572fcca1e25e5', 211],
  ['dist/cjs/onnx-value.js', '8446854766f4955ce438a7338216f49223767ecc508bb502b73a3dc1a1f1998e', 211],
  ['dist/cjs/package.json', '091a04fa67c7907b98e106fcff8b964e13129754fce72d24f3025b97c4887fa3', 20],
  ['dist/cjs/tensor-conversion-impl.js', '9815e72c0bb91896035de93b3113a2256a1a998bc53c7b5e6bf5fb4e93714766', 8067],
  ['dist/cjs/tensor-conversion.js', '28cc462d4a9ea556ecc86c0e6d16a51d61b58d5bc5b4b7b48976b14bc8035bdc', 218],
  ['dist/cjs/tensor-factory-impl.js', 'a3204838a2c14416e4e61c968dc17c663ab3c9b8b2c4a8b7f2a1c5b06e3e5173', 11656],
  ['dist/cjs/tensor-factory.js', '13b8d735350b828a49bda8aeec50b1dac888cf42268006efc4312f50a88b6906', 215],
  ['dist/cjs/tensor-impl-type-mapping.js', '333110edbbffdb7575ea340cb341bcaf691862d6594a649db28097f7d8cb19b7', 2995],
  ['dist/cjs/tensor-impl.js', '11645352ba5d08971344717d3339f86aac560f84f29229b2ebe07f1ec8aa8905', 16458],
  ['dist/cjs/tensor-utils-impl.js', 'e7b1db989d33d54bdd1807b080a0989ff0b10d5f7dd8c93b92bbf293103aa4d5', 2213],
  ['dist/cjs/tensor-utils.js', 'd3f577e90dc2257c72ac728e5e6355c34af0342d971158d9f22b69d22aa97b8d', 213],
  ['dist/cjs/tensor.js', '9097114de356750f36f28776fa6ccd08d13694f0f9aac9e7669c30b6c43153f7', 393],
  ['dist/cjs/trace.js', 'faecd0df94998d786e2085d56aa6003449f1ac3b35c350e0d2762498604e5d72', 2496],
  ['dist/cjs/type-helper.js', '7f786da8d2a611ad751c70a74edf4d9acfccd26be8e5c6b1cb730f982892bf32', 212],
  ['dist/cjs/version.js', '0a1a7f532f4455ead0678966815c3114730150aa4368ebb5ebd9727425e9003b', 361],
];

const installedAs = (packageName: string, files: readonly FileEntry[]): ModelFile[] =>
  files.map(([source, sha256, sizeBytes]) => ({ name: `node_modules/${packageName}/${source}`, source, sha256, sizeBytes }));

/**
 * The CPU inference runtime for x86-64. It is a dependency of talkpath; this entry is for installations where npm left it
 * out because its install script, which fetches libraries for graphics cards, could not run.
 */
export const onnxRuntime: Model = {
  name: 'onnxruntime',
  purpose: 'runtime',
  title: 'ONNX Runtime 1.30, CPU',
  licence: 'MIT',
  packages: [
    {
      name: 'onnxruntime-node',
      version: '1.30.0',
      integrity: 'sha512-twhs1C2C/BFkz1yc5OY0KIU2GUq6DURO7hD4bx5Q2Qy3nAMJwRXW8xU3NVczE29VA9lolLOYepoD8fjTGOfIqw==',
      tarballBytes: 113507888,
      files: installedAs('onnxruntime-node', node),
    },
    {
      name: 'onnxruntime-common',
      version: '1.30.0',
      integrity: 'sha512-7fdVWjAID1dVhH/G8qK3APARunV4VkBFoCQAP7qp4Wkab0mrorvmc+sqiT+mKXOzDqdjN5j+/Z9nb4gzNPWcyA==',
      tarballBytes: 66795,
      files: installedAs('onnxruntime-common', common),
    },
  ],
};
