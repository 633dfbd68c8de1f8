import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '../project.js';

const readme = readFileSync(join(projectFolder, 'README.md'), 'utf8');

/** Where the README says that talkpath is, and the globals that stand for it here, where every port is a free one. */
const addresses = { '127.0.0.1:9092': '${TALKPATH}', '127.0.0.1:8080': '${ADMIN}' };

/** Every block of README.md that is a dialplan, as it stands there but for the addresses. */
export const pastedDialplan = blocks(readme)
  .filter((block) => /^exten =>/m.test(block))
  .map((block) => Object.entries(addresses).reduce((text, [address, global]) => text.replaceAll(address, global), block))
  .join('\n');

/** The contexts that the pasted dialplan makes. */
export const pastedContexts = [...pastedDialplan.matchAll(/^\[(\S+)\]$/gm)].map(([, name]) => name as string);

/** The step that README.md advises for lines whose packets come unevenly. */
export const advisedJitterBuffer = adviceOn('JITTERBUFFER');

function blocks(markdown: string): string[] {
  return [...markdown.matchAll(/^```\w*\n([\s\S]*?)^```$/gm)].map(([, block]) => block as string);
}

function adviceOn(name: string): string {
  const step = new RegExp(`\`(Set\\(${name}\\([^\`]+)\``).exec(readme)?.[1];
  if (!step) throw new Error(`README.md has no advice on ${name}`);
  return step;
}
