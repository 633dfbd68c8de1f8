import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { catalogue } from '#talkpath/metrics/catalogue.js';
import { projectFolder } from '../../support/project.js';

test('docs/admin-api.md tells of every metric what it is, and of no other', () => {
  const page = readFileSync(join(projectFolder, 'docs/admin-api.md'), 'utf8');
  const told = page.split('\n').filter((line) => line.startsWith('| `talkpath_'));
  const known = Object.entries(catalogue).map(
    ([name, { type, labels, help }]) => `| \`${name}\` | ${type} | ${labels.map((label) => `\`${label}\``).join(', ')} | ${help} |`,
  );
  assert.equal(told, known);
});

test.run();
