import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, contentHash, filesBelow, projectFolder } from './cache.mjs';
import { run } from './process.mjs';
import { SetupError } from './report.mjs';

const cli = join(projectFolder, 'dist/cli/talkpath.js');

/** Written when all that this version wants is there; removing the cache folder removes it with the models. */
const wantedBy = ['src/models', 'src/inference'].flatMap((folder) => filesBelow(join(projectFolder, folder)));
const stamp = () => join(cacheFolder(), `models-fetched-${contentHash({ files: wantedBy })}`);

/** Step: the speech models of the tier that this machine can run, fetched by `talkpath models pull`. */
export const models = {
  title: 'speech models',
  upToDate: async () => existsSync(stamp()),
  async run(report) {
    report.progress('fetching');
    try {
      const onLine = (line) => line.trim() && report.progress(line.trim().slice(0, 90));
      await run(process.execPath, [cli, 'models', 'pull'], { cwd: projectFolder, onLine });
    } catch (error) {
      throw new SetupError(error.message, 'check that this machine reaches its npm registry (npm ping), then run the same command again');
    }
    mkdirSync(cacheFolder(), { recursive: true });
    writeFileSync(stamp(), '');
    return 'ready';
  },
};
