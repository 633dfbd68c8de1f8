import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fetchedFolder } from '../support/fetched-folder.js';
import { type Outcome, outcome, packed, printedBy } from '../support/package.js';

const test = suite('the package on a system with nothing else');
const fetched = await fetchedFolder('clean-root', 'TALKPATH_REQUIRE_CLEAN_ROOT');
const cleanTest = 'folder' in fetched ? test : test.skip;
const root = mkdtempSync(join(tmpdir(), 'talkpath-clean-'));

/** Runs a program inside the system: its own files, no network, nothing of this machine but the kernel. */
function inside(line: number, cwd: string, args: readonly string[], environment: Record<string, string> = {}): Promise<Outcome> {
  const command = `cd ${cwd} && exec "$0" "$@"`;
  return outcome('unshare', ['--map-root-user', '--net', 'chroot', root, '/bin/sh', '-c', command, `/opt/node${line}/bin/node`, ...args], {
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root', ...environment },
  });
}

const program = `
import { Resampler, EchoCanceller, VoiceDetector } from 'talkpath/dsp';
const tone = Int16Array.from({ length: 8000 }, (_, i) => 16384 * Math.sin((2 * Math.PI * 500 * i) / 8000));
for (const quality of ['live', 'recording']) {
  const resampler = new Resampler({ inputRateHz: 8000, outputRateHz: 24000, quality });
  const heard = [...resampler.process(tone), ...resampler.flush()];
  const middle = heard.slice(6010, 18010);
  const rms = Math.sqrt(middle.reduce((sum, sample) => sum + sample * sample, 0) / middle.length);
  const crossings = middle.filter((sample, i) => i > 0 && sample >= 0 && middle[i - 1] < 0).length;
  console.log(quality, Math.round(rms / 100), crossings);
}
new EchoCanceller({ sampleRateHz: 8000 }).process(new Int16Array(80), new Int16Array(80));
console.log(new VoiceDetector({ sampleRateHz: 8000 }).process(new Int16Array(80)).speech);
`;

test.before(async () => {
  if (!('folder' in fetched)) return;
  cpSync(fetched.folder, root, { recursive: true, verbatimSymlinks: true });
  const { tarball } = await packed();
  cpSync(tarball, join(root, 'root/talkpath.tgz'));
  // What npm will want is fetched out here, into a cache that the system is given.
  const consumer = join(root, 'home/filling-the-cache');
  mkdirSync(consumer, { recursive: true });
  writeFileSync(join(consumer, 'package.json'), '{ "name": "consumer", "private": true }\n');
  const install = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--cache', join(root, 'root/npm-cache'), tarball];
  await printedBy('npm', install, consumer);
  rmSync(consumer, { recursive: true });
});

test.after(() => rmSync(root, { recursive: true, force: true }));

cleanTest('there is no compiler, no cmake and no header of any library', () => {
  const commands = ['usr/bin', 'bin', 'usr/sbin', 'sbin'].flatMap((folder) =>
    existsSync(join(root, folder)) ? readdirSync(join(root, folder)) : [],
  );
  assert.ok(commands.includes('ls') && commands.includes('sh'));
  assert.equal(
    commands.filter((command) => /gcc|g\+\+|clang|^c(c|\+\+)$|cmake|^g?make$|pkg-config|python|perl$|^ld$|npm/.test(command)),
    [],
  );
  assert.equal(readdirSync(join(root, 'usr/include')), []);
});

for (const line of [20, 22, 24]) {
  cleanTest(`on Node ${line} it installs with scripts ignored and without a network, loads and resamples`, async () => {
    const folder = `home/app${line}`;
    mkdirSync(join(root, folder));
    writeFileSync(join(root, folder, 'package.json'), '{ "name": "consumer", "private": true, "type": "module" }\n');
    writeFileSync(join(root, folder, 'program.js'), program);
    const registry = (await printedBy('npm', ['config', 'get', 'registry'])).trim();
    // ONNX Runtime, a quarter of a gigabyte, need not be written three times.
    const optional = line === 24 ? [] : ['--omit=optional'];
    const npm = [
      '/opt/npm/bin/npm-cli.js',
      'install',
      ...optional,
      '--offline',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--cache',
      '/root/npm-cache',
    ];
    const install = await inside(line, `/${folder}`, [...npm, '/root/talkpath.tgz'], { npm_config_registry: registry });
    assert.is(install.code, 0, install.output);
    assert.match(install.output, /added \d+ packages/);
    const ran = await inside(line, `/${folder}`, ['program.js']);
    assert.equal(ran, { code: 0, output: 'live 116 250\nrecording 116 250\nfalse\n' });
    const command = await inside(line, `/${folder}`, ['node_modules/talkpath/dist/cli/talkpath.js', '--help']);
    assert.is(command.code, 0, command.output);
    assert.match(command.output, /serve/);
  });
}

test.run();
