import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { installed, outcome } from '../support/package.js';
import { projectFolder } from '../support/project.js';

interface World {
  /** A project with the package as its only dependency. */
  readonly folder: string;
  /** All that is on its PATH. */
  readonly bin: string;
}

const test = suite('installing the package');

// As an installation without scripts, and without what npm leaves out when an install script may not run.
const world: World = {
  folder: await installed(['--ignore-scripts', '--omit=optional']),
  bin: mkdtempSync(join(tmpdir(), 'talkpath-path-')),
};
symlinkSync(process.execPath, join(world.bin, 'node'));
test.after(() => {
  for (const path of [world.folder, world.bin]) rmSync(path, { recursive: true, force: true });
});

/** Runs a program of the consumer's, with Node as the only command on its PATH. */
function run(program: string, { folder, bin } = world): ReturnType<typeof outcome> {
  const file = join(folder, 'program.mjs');
  writeFileSync(file, program);
  return outcome(process.execPath, [file], { cwd: folder, env: { PATH: bin } });
}

test('without scripts, compiler or any command but node it loads and resamples', async () => {
  const { code, output } = await run(
    `import { Resampler, g711, EchoCanceller } from 'talkpath/dsp';
     const tone = Int16Array.from({ length: 160 }, (_, i) => 8000 * Math.sin((2 * Math.PI * 1000 * i) / 8000));
     const live = new Resampler({ inputRateHz: 8000, outputRateHz: 16000 });
     const recording = new Resampler({ inputRateHz: 8000, outputRateHz: 24000, quality: 'recording' });
     recording.process(tone);
     const canceller = new EchoCanceller({ sampleRateHz: 16000 });
     canceller.process(new Int16Array(160), new Int16Array(160));
     console.log(live.process(tone).length, recording.flush().length, g711.decodeMulaw(g711.encodeMulaw(tone)).length);`,
  );
  assert.equal({ code, output }, { code: 0, output: '320 480 160\n' });
});

test('what is loaded is the prebuild and the libsoxr beside it, and none of the server', async () => {
  const { code, output } = await run(
    `import { readFileSync } from 'node:fs';
     import 'talkpath/dsp';
     const mapped = new Set(readFileSync('/proc/self/maps', 'utf8').match(/\\/\\S+\\.(?:node|so[.\\d]*)$/gm));
     console.log([...mapped].filter((path) => path.includes('talkpath') || path.includes('soxr')).sort().join('\\n'));
     console.log(process.getActiveResourcesInfo().join());`,
  );
  const prebuilds = join(world.folder, 'node_modules/talkpath/prebuilds/linux-x64');
  assert.is(code, 0, output);
  const [first, second, ...rest] = output.trimEnd().split('\n');
  assert.equal([first, second], [join(prebuilds, 'libsoxr.so.0'), join(prebuilds, 'talkpath.glibc.node')]);
  assert.not.match(rest.join(), /Timeout|TCP|MessagePort|Worker/);
});

test('talkpath/dsp needs two packages of all, and no more is read', async () => {
  const bare = mkdtempSync(join(tmpdir(), 'talkpath-bare-'));
  try {
    for (const name of ['talkpath', 'node-gyp-build']) {
      cpSync(join(world.folder, 'node_modules', name), join(bare, 'node_modules', name), { recursive: true });
    }
    const { code, output } = await run("import * as dsp from 'talkpath/dsp'; console.log(Object.keys(dsp).sort().join());", {
      ...world,
      folder: bare,
    });
    assert.equal(
      { code, output },
      { code: 0, output: 'EchoCanceller,NoiseSuppressor,Resampler,ResamplerStream,VoiceDetector,bytesOf,convertRate,g711,samplesOf\n' },
    );
  } finally {
    rmSync(bare, { recursive: true, force: true });
  }
});

test('CommonJS may require it, and ask which version it is', async () => {
  const file = join(world.folder, 'program.cjs');
  const { version } = JSON.parse(readFileSync(join(projectFolder, 'package.json'), 'utf8')) as { version: string };
  writeFileSync(file, "const { Resampler } = require('talkpath/dsp'); console.log(typeof Resampler, require('talkpath/package.json').version);");
  const { code, output } = await outcome(process.execPath, ['--no-warnings', file], { cwd: world.folder, env: { PATH: world.bin } });
  assert.equal({ code, output }, { code: 0, output: `function ${version}\n` });
});

test('what is installed is as much as docs/dsp.md says, to a tenth', async () => {
  const modules = join(world.folder, 'node_modules');
  const { packages } = JSON.parse(readFileSync(join(modules, '.package-lock.json'), 'utf8')) as { packages: object };
  const { output } = await outcome('du', ['-sm', modules]);
  const documentation = readFileSync(join(projectFolder, 'docs/dsp.md'), 'utf8');
  const [, count, mb] = /some (\d+) packages and (\d+) MB/.exec(documentation) ?? [];
  for (const [said, is] of [
    [count, Object.keys(packages).length],
    [mb, Number.parseInt(output, 10)],
  ] as const) {
    assert.ok(Math.abs(Number(said) / is - 1) < 0.1, `${said} are ${is}`);
  }
});

test('the command answers where ONNX Runtime could not be installed', async () => {
  const command = join(world.folder, 'node_modules/talkpath/dist/cli/talkpath.js');
  const { code, output } = await outcome(process.execPath, [command, '--help'], { cwd: world.folder, env: { PATH: world.bin } });
  assert.is(code, 0, output);
  assert.match(output, /serve/);
});

test('the types hold in a strict project of another', async () => {
  const { folder } = world;
  const types = join(folder, 'node_modules/@types');
  mkdirSync(types, { recursive: true });
  symlinkSync(join(projectFolder, 'node_modules/@types/node'), join(types, 'node'));
  symlinkSync(join(projectFolder, 'node_modules/undici-types'), join(folder, 'node_modules/undici-types'));
  const options = {
    strict: true,
    noEmit: true,
    target: 'es2022',
    skipLibCheck: false,
    exactOptionalPropertyTypes: true,
    types: ['node'],
  };
  writeFileSync(
    join(folder, 'use.ts'),
    `import { pipeline } from 'node:stream/promises';
     import { convertRate, EchoCanceller, g711, NoiseSuppressor, Resampler, ResamplerStream, type VoiceDecision, VoiceDetector } from 'talkpath/dsp';
     const live = new Resampler({ inputRateHz: 8000, outputRateHz: 16000 });
     const samples: Int16Array = live.process(g711.decodeMulaw(new Uint8Array(160)), new Int16Array(320));
     const heard: Int16Array = new EchoCanceller({ sampleRateHz: 16000, noiseSuppression: 'low' }).process(samples.subarray(160), samples.subarray(160));
     const { speech, probability }: VoiceDecision = new VoiceDetector({ sampleRateHz: 16000, mode: 1 }).process(heard);
     const [ms, isSpeech, likely]: [number, boolean, number] = [live.latencyMs, speech, probability];
     new NoiseSuppressor({ sampleRateHz: 8000, level: 'high' })[Symbol.dispose]();
     await pipeline(process.stdin, new ResamplerStream({ inputRateHz: 8000, outputRateHz: 24000, quality: 'recording' }), process.stdout);
     convertRate(samples, 16000, 8000);
     // @ts-expect-error floats are no samples
     live.process(new Float32Array(160));
     // @ts-expect-error there is no such quality
     new Resampler({ inputRateHz: 8000, outputRateHz: 16000, quality: 'best' });
     console.log(ms, isSpeech, likely);`,
  );
  // CommonJS that a compiler makes of imports takes an ES module where its Node does.
  writeFileSync(
    join(folder, 'use.cts'),
    "import { Resampler } from 'talkpath/dsp'; console.log(new Resampler({ inputRateHz: 8000, outputRateHz: 16000 }));",
  );
  const tsc = join(projectFolder, 'node_modules/typescript/bin/tsc');
  for (const [resolution, files] of [
    [{ module: 'nodenext' }, ['use.ts', 'use.cts']],
    [{ module: 'node20' }, ['use.cts']],
    [{ module: 'node16' }, ['use.ts']],
    [{ module: 'esnext', moduleResolution: 'bundler' }, ['use.ts']],
  ] as const) {
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: { ...options, ...resolution }, files }));
    const told = await outcome(process.execPath, [tsc, '-p', 'tsconfig.json'], { cwd: folder });
    assert.equal(told, { code: 0, output: '' }, JSON.stringify(resolution));
  }
});

test('where neither a prebuild nor what compiling takes is there, each says what to do', async () => {
  const folder = join(world.folder, 'node_modules/talkpath');
  rmSync(join(folder, 'prebuilds/linux-x64'), { recursive: true });
  const loaded = await run("import('talkpath/dsp').catch(({ code, message }) => console.log(code, message));");
  assert.match(loaded.output, /^TP_ERR_ADDON_LOAD The native engine could not be loaded: No native build was found for platform=linux/);
  assert.match(loaded.output, /npm rebuild talkpath/);
  const compiled = await outcome(process.execPath, [join(folder, 'scripts/build-addon.mjs')], { cwd: folder, env: { PATH: world.bin } });
  assert.is(compiled.code, 1);
  assert.match(compiled.output, /no prebuilt native engine fits this system/);
  assert.match(compiled.output, /install the equivalents of g\+\+, make, cmake, .*libsoxr-dev.*TALKPATH_SKIP_SYSTEM_PACKAGES=1/);
});

test('what npm runs on installing is the check for a prebuild, and then the compiler', () => {
  const { scripts } = JSON.parse(readFileSync(join(projectFolder, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
  assert.is(scripts.install, 'node-gyp-build-test || node scripts/build-addon.mjs');
});

test.run();
