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
    // No install step is wanted: onnxruntime-node's fetches GPU libraries, talkpath's own compiles what a later step does.
    report.progress('npm ci');
    const ticker = setInterval(() => report.progress('npm ci'), 1000);
    try {
      await run(command, [...leading, 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'], { cwd: projectFolder });
    } catch (error) {
      throw new SetupError(error.message, 'check that this machine reaches its npm registry (npm ping), then run the same command again');
    } finally {
      clearInterval(ticker);
    }
    writeFileSync(stamp, key());
    return 'installed';
  },
};
