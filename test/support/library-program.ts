import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { outcome } from './package.js';
import { projectFolder } from './project.js';

/** Runs a program in a process of its own, with a file beside it for its workers. */
export async function runProgram(program: string, worker = ''): Promise<string> {
  const folder = mkdtempSync(join(projectFolder, 'build/memory-'));
  try {
    writeFileSync(join(folder, 'program.mjs'), program);
    writeFileSync(join(folder, 'worker.mjs'), worker);
    const result = await outcome(process.execPath, [join(folder, 'program.mjs')], { env: { ...process.env, FORCE_COLOR: '0' } });
    assert.is(result.code, 0, result.output);
    return result.output.trim();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
