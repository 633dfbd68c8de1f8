import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { installed, outcome } from '../support/package.js';

const test = suite('compiling where no prebuild fits');

/** A cache with WebRTC's library, which takes a minute to build, and without any addon. */
function cacheWithoutAddon(): string {
  const known = process.env.TALKPATH_CACHE || join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'talkpath');
  const cache = mkdtempSync(join(tmpdir(), 'talkpath-cache-'));
  for (const name of readdirSync(known).filter((entry) => entry.startsWith('webrtc-'))) symlinkSync(join(known, name), join(cache, name));
  return cache;
}

test('npm rebuild compiles the engine of an installed package, and it is the one that is loaded', async () => {
  const folder = await installed(['--ignore-scripts', '--omit=optional']);
  const cache = cacheWithoutAddon();
  try {
    rmSync(join(folder, 'node_modules/talkpath/prebuilds'), { recursive: true });
    const rebuild = await outcome('npm', ['rebuild', 'talkpath', '--foreground-scripts'], {
      cwd: folder,
      env: { ...process.env, TALKPATH_CACHE: cache },
    });
    assert.is(rebuild.code, 0, rebuild.output);
    assert.match(rebuild.output, /no prebuilt native engine fits this system; compiling one/);
    writeFileSync(
      join(folder, 'program.mjs'),
      `import { readFileSync } from 'node:fs';
       import { Resampler } from 'talkpath/dsp';
       console.log(String(new Resampler({ inputRateHz: 8000, outputRateHz: 16000 }).process(new Int16Array(160)).length));
       console.log(readFileSync('/proc/self/maps', 'utf8').match(/\\S+talkpath\\S*\\.node/)[0]);`,
    );
    const ran = await outcome(process.execPath, ['program.mjs'], { cwd: folder });
    assert.equal(ran, { code: 0, output: `320\n${join(folder, 'node_modules/talkpath/build/Release/talkpath.node')}\n` });
    assert.ok(readFileSync(join(folder, 'node_modules/talkpath/build/Release/talkpath.node')).length > 500_000);
    const again = await outcome('npm', ['rebuild', 'talkpath', '--foreground-scripts'], { cwd: folder });
    assert.not.match(again.output, /compiling/);
  } finally {
    for (const path of [folder, cache]) rmSync(path, { recursive: true, force: true });
  }
});

test.run();
