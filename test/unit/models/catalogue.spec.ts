import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { TalkpathError } from '#talkpath/base/errors.js';
import { cacheFolder } from '#talkpath/models/cache-folder.js';
import { diskBytes, fetchBytes, modelFor, speechModels } from '#talkpath/models/catalogue.js';
import { onnxRuntime } from '#talkpath/models/onnx-runtime.js';
import { modelHash } from '#talkpath/models/store.js';

const all = [...speechModels, onnxRuntime];

test('there is a model for each purpose in each tier', () => {
  for (const purpose of ['stt', 'tts'] as const) {
    for (const tier of ['light', 'neural'] as const) assert.is(modelFor(purpose, tier).tier, tier);
  }
});

test('every package is pinned to one version and one tarball, every file to its hash and size', () => {
  for (const { name, packages } of all) {
    assert.ok(packages.length > 0, name);
    for (const part of packages) {
      assert.match(part.version, /^\d+\.\d+\.\d+$/);
      assert.match(part.integrity, /^sha512-[A-Za-z0-9+/]{86}==$/);
      assert.ok(part.tarballBytes > 1000 && part.files.length > 0);
      for (const file of part.files) {
        assert.match(file.sha256, /^[0-9a-f]{64}$/);
        assert.ok(file.sizeBytes > 0);
        assert.not.match(file.name, /^\/|\.\./);
      }
    }
  }
});

test('packages are known by name alone: no entry says where one lies', () => {
  assert.not.match(JSON.stringify(all), /https?:|registry/);
});

test('the files of a model have names of their own', () => {
  for (const { packages } of all) {
    const names = packages.flatMap(({ files }) => files.map(({ name }) => name));
    assert.is(new Set(names).size, names.length);
  }
});

test('what a model takes on disk and over the network adds up', () => {
  const light = modelFor('stt', 'light');
  assert.is(diskBytes(light), 7937661 + 20243286);
  assert.is(fetchBytes(light), 21514347);
});

test("a model's hash tells its contents apart", () => {
  const hashes = all.map((model) => modelHash(model));
  assert.is(new Set(hashes).size, all.length);
  for (const hash of hashes) assert.match(hash, /^[0-9a-f]{16}$/);
});

test('the cache folder follows TALKPATH_CACHE, then XDG_CACHE_HOME, then the home folder', () => {
  assert.is(cacheFolder({ TALKPATH_CACHE: '/a', XDG_CACHE_HOME: '/b' }), '/a');
  assert.is(cacheFolder({ XDG_CACHE_HOME: '/b' }), '/b/talkpath');
  assert.match(cacheFolder({}), /\/\.cache\/talkpath$/);
});

test('a cache folder that cannot be is refused: a file, a folder below a file, one without a home', () => {
  const file = fileURLToPath(import.meta.url);
  const noHome = (): string => {
    throw new Error('uv_os_homedir returned ENOENT');
  };
  const refusals: [action: () => string, message: RegExp][] = [
    [() => cacheFolder({ TALKPATH_CACHE: file }), /^Expected a folder as cache but .+ is a file$/],
    [() => cacheFolder({ XDG_CACHE_HOME: file }), /^The cache folder .+\/talkpath cannot be used: ENOTDIR/],
    [() => cacheFolder({}, noHome), /^This user has no home folder to keep a cache in: uv_os_homedir/],
  ];
  for (const [action, message] of refusals) {
    assert.throws(action, (error: unknown) => error instanceof TalkpathError && error.code === 'TP_ERR_CACHE_FOLDER' && message.test(error.message));
  }
  assert.is(cacheFolder({ TALKPATH_CACHE: '/a' }, noHome), '/a');
});

test.run();
