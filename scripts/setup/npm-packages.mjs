import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { contentHash, projectFolder } from './cache.mjs';
import { npm, run } from './process.mjs';
import { SetupError } from './report.mjs';

const stamp = join(projectFolder, 'node_modules/.talkpath-installed');

const key = () => contentHash({ files: [join(projectFolder, 'package-lock.json')], strings: [process.versions.modules, process.arch] });

/** Step: the npm packages that package-lock.json pins. */
export const npmPackages = {
  title: 'npm packages',
  upToDate: async () => existsSync(stamp) && readFileSync(stamp, 'utf8') === key(),
  async run(report) {
    const [command, leading] = npm();
    // onnxruntime-node's install step wants GPU libraries from a site of its own; the CPU runtime is in the package.
    const env = { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' };
    report.progress('npm ci');
    const ticker = setInterval(() => report.progress('npm ci'), 1000);
    try {
      await run(command, [...leading, 'ci', '--no-audit', '--no-fund', '--prefer-offline'], { cwd: projectFolder, env });
    } catch (error) {
      throw new SetupError(error.message, 'check that this machine reaches its npm registry (npm ping), then run the same command again');
    } finally {
      clearInterval(ticker);
    }
    writeFileSync(stamp, key());
    return 'installed';
  },
};
