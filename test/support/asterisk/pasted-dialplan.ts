import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '../project.js';

/** Where the documents say that things are, and the globals that stand for it here, where every port is a free one. */
const addresses = { '127.0.0.1:9092': '${TALKPATH}', '127.0.0.1:8080': '${ADMIN}', '127.0.0.1:4573': '${AGI}' };

/** A dialplan that people are told to paste, and the contexts that it makes. */
export interface PastedDialplan {
  readonly text: string;
  readonly contexts: readonly string[];
}

const readme = readFileSync(join(projectFolder, 'README.md'), 'utf8');
const guide = readFileSync(join(projectFolder, 'docs/asterisk.md'), 'utf8');

/** Every block of README.md, and of docs/asterisk.md, that is a dialplan, as it stands there but for the addresses. */
export const pastedDialplan = dialplanOf(readme);
export const guideDialplan = dialplanOf(guide);

/** The block of docs/asterisk.md that is this file of Asterisk, as it stands there but for the ports. */
export function guideFile(name: string, ports: Readonly<Record<string, number>>): string {
  const block = blocks(guide).find((text) => text.startsWith(`; ${name}\n`));
  if (!block) throw new Error(`docs/asterisk.md has no ${name}`);
  return Object.entries(ports).reduce((text, [told, port]) => text.replaceAll(new RegExp(`\\b${told}\\b`, 'g'), String(port)), block);
}

/** The step that README.md advises for lines whose packets come unevenly. */
export const advisedJitterBuffer = adviceOn('JITTERBUFFER');

function dialplanOf(markdown: string): PastedDialplan {
  const text = blocks(markdown)
    .filter((block) => /^exten =>/m.test(block))
    .map((block) => Object.entries(addresses).reduce((told, [address, global]) => told.replaceAll(address, global), block))
    .join('\n');
  return { text, contexts: [...text.matchAll(/^\[(\S+)\]$/gm)].map(([, name]) => name as string) };
}

function blocks(markdown: string): string[] {
  return [...markdown.matchAll(/^```\w*\n([\s\S]*?)^```$/gm)].map(([, block]) => block as string);
}

function adviceOn(name: string): string {
  const step = new RegExp(`\`(Set\\(${name}\\([^\`]+)\``).exec(readme)?.[1];
  if (!step) throw new Error(`README.md has no advice on ${name}`);
  return step;
}
