import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Model } from '#talkpath/models/catalogue.js';
import type { FetchTarball } from '#talkpath/models/npm-client.js';

/** A small model in a package of its own, made on the spot: what the catalogue would say of it, and a stand-in for npm. */
export interface PackedModel {
  readonly model: Model;
  readonly tarball: string;
  /** Hands the tarball over, and counts how often. */
  readonly fetchTarball: FetchTarball & { times: number };
}

/** @param files text by path in the package; each becomes a file of the model under its path */
export function packedModel(folder: string, files: Readonly<Record<string, string>>): PackedModel {
  for (const [path, text] of Object.entries({ ...files, 'not-needed.txt': 'left in the package' })) {
    mkdirSync(dirname(join(folder, 'package', path)), { recursive: true });
    writeFileSync(join(folder, 'package', path), text);
  }
  const tarball = join(folder, 'small-1.0.0.tgz');
  const { status } = spawnSync('tar', ['-czf', tarball, '-C', folder, 'package']);
  if (status !== 0) throw new Error(`tar ended with ${status}`);
  const model: Model = {
    name: 'small',
    purpose: 'stt',
    title: 'a model for tests',
    licence: 'MIT',
    packages: [
      {
        name: 'small',
        version: '1.0.0',
        integrity: `sha512-${createHash('sha512').update(readFileSync(tarball)).digest('base64')}`,
        tarballBytes: statSync(tarball).size,
        files: Object.entries(files).map(([path, text]) => ({
          name: path,
          source: path,
          sha256: createHash('sha256').update(text).digest('hex'),
          sizeBytes: Buffer.byteLength(text),
        })),
      },
    ],
  };
  const fetchTarball = Object.assign(
    async (_spec: string, target: string, onBytes: (bytes: number) => void): Promise<void> => {
      fetchTarball.times += 1;
      onBytes(10);
      cpSync(tarball, join(target, 'small-1.0.0.tgz'));
    },
    { times: 0 },
  );
  return { model, tarball, fetchTarball };
}
