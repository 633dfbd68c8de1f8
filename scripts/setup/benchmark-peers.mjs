import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { contentHash, projectFolder } from './cache.mjs';
import { npm, run } from './process.mjs';
import { SetupError } from './report.mjs';

const pins = ['package.json', 'package-lock.json', '.npmrc'];
const pinned = (name) => join(projectFolder, name === '.npmrc' ? name : `benchmarks/peers/packages/${name}`);
const folder = join(projectFolder, 'build/benchmark-peers');
const stamp = join(folder, '.talkpath-installed');
/** Where a peer that could not be compiled says why; the benchmarks read it. */
const complaint = join(folder, 'not-compiled.txt');

const key = () => contentHash({ files: pins.map(pinned), strings: [process.versions.modules, process.arch] });

/** Step: the packages that talkpath/dsp is measured against, in a folder of their own; no part of the product. */
export const benchmarkPeers = {
  title: 'benchmark peers',
  upToDate: async () => existsSync(stamp) && readFileSync(stamp, 'utf8') === key(),
  async run(report) {
    const [command, leading] = npm();
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    for (const name of pins) cpSync(pinned(name), join(folder, name));
    report.progress('npm ci');
    try {
      await run(command, [...leading, 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'], { cwd: folder });
    } catch (error) {
      throw new SetupError(error.message, 'check that this machine reaches its npm registry (npm ping), then run the same command again');
    }
    report.progress('compiling webrtcvad');
    // The headers beside the running Node spare node-gyp a download.
    const beside = dirname(dirname(process.execPath));
    const env = existsSync(join(beside, 'include/node/node_api.h')) ? { ...process.env, npm_config_nodedir: beside } : process.env;
    try {
      await run(command, [...leading, 'rebuild', 'webrtcvad'], { cwd: folder, env });
    } catch (error) {
      writeFileSync(complaint, error.message);
    }
    writeFileSync(stamp, key());
    return existsSync(complaint) ? 'installed, but webrtcvad could not be compiled' : 'installed';
  },
};
