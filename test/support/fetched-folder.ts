import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { projectFolder } from './project.js';

export type FetchedFolder = { readonly folder: string } | { readonly missing: string };

/**
 * The folder of something that the tests fetch once and keep in the user's cache (scripts/test/fetch.mjs); its
 * progress goes to stderr. Without it the suite is skipped, or fails where CI=true or `requiredBy`=1 says it must run.
 */
export async function fetchedFolder(name: 'asterisk' | 'speech' | 'clean-root', requiredBy: string): Promise<FetchedFolder> {
  const { code, output } = await fetchOnce(name);
  if (code === 0) return { folder: output.trim() };
  const missing = `${name} could not be fetched, see above`;
  if (process.env.CI === 'true' || process.env[requiredBy] === '1') throw new Error(missing);
  return { missing };
}

const fetches = new Map<string, ReturnType<typeof runFetch>>();

/** All suites of a run share one attempt. */
function fetchOnce(name: string): ReturnType<typeof runFetch> {
  const known = fetches.get(name) ?? runFetch(name);
  fetches.set(name, known);
  return known;
}

function runFetch(name: string): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const script = join(projectFolder, 'scripts/test/fetch.mjs');
    const child = spawn(process.execPath, [script, name], { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
  });
}
