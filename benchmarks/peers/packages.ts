import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const projectFolder = fileURLToPath(new URL('../../../', import.meta.url));

/** Where `setup --for-benchmarks` installs what benchmarks/peers/packages pins. */
export const peersFolder = join(projectFolder, 'build/benchmark-peers');

/** Loads one of the pinned packages. */
export const peerRequire = createRequire(join(peersFolder, 'package.json'));

export function packageVersion(name: string): string {
  const description = readFileSync(join(peersFolder, 'node_modules', name, 'package.json'), 'utf8');
  return `${name} ${(JSON.parse(description) as { version: string }).version}`;
}
