import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cached, cacheFolder, copyFolder } from './cache.mjs';

/**
 * A step whose product is one folder of the project, made from files with a content hash: built once for each
 * hash, kept in the cache, copied where it belongs.
 * @param {{ title: string, name: string, folder: string, key: () => string,
 *           build: (report: import('./report.mjs').StepReport) => Promise<void> }} artefact
 *   `build` makes `folder`; it may find an older product there.
 */
export function artefactStep({ title, name, folder, key, build }) {
  const stamp = join(folder, '.talkpath-key');
  return {
    title,
    upToDate: async () => existsSync(stamp) && readFileSync(stamp, 'utf8') === key(),
    async run(report) {
      const current = key();
      const entry = `${name}-${current}`;
      const known = existsSync(join(cacheFolder(), entry));
      await cached(entry, async (draft) => {
        await build(report);
        copyFolder(folder, draft);
      });
      if (known) copyFolder(join(cacheFolder(), entry), folder);
      writeFileSync(stamp, current);
      return known ? 'taken from the cache' : 'built';
    },
  };
}
