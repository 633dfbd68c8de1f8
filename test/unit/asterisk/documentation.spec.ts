import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { dialplanRefusals } from '#talkpath/asterisk/agi/dialplan-answer.js';
import { choosing } from '#talkpath/asterisk/registration.js';
import { parseSettings } from '#talkpath/config/load.js';
import { projectFolder } from '../../support/project.js';

const documentation = readFileSync(join(projectFolder, 'docs/asterisk.md'), 'utf8');

/** The first cells of the rows of the table that follows a text. */
function firstCellsAfter(text: string): string[] {
  const lines = documentation.slice(documentation.indexOf(text)).split('\n');
  const start = lines.findIndex((line) => line.startsWith('|'));
  const end = lines.findIndex((line, i) => i > start && !line.startsWith('|'));
  return lines.slice(start + 2, end).map((row) => row.split('|')[1] ?? '');
}

const quoted = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name as string);

test('every reason of a refusal is explained, and no other', () => {
  assert.equal(firstCellsAfter('| reason | means |').flatMap(quoted).sort(), [...dialplanRefusals].sort());
});

test('the variables that choose what a call is set up with are told', () => {
  for (const name of Object.values(choosing)) assert.ok(documentation.includes(`| \`${name}\` |`), name);
});

test('every example of settings is valid', () => {
  const examples = [...documentation.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => text as string);
  assert.is(examples.length, 3);
  for (const example of examples) parseSettings(example, 'example', { ARI_PASSWORD: 'a', AMI_SECRET: 'b' });
});

test.run();
