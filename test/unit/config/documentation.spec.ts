import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseSettings } from '#talkpath/config/load.js';
import { builtInProfiles, settingsSchema } from '#talkpath/config/schema.js';
import { projectFolder } from '../../support/project.js';

const documentation = readFileSync(join(projectFolder, 'docs/configuration.md'), 'utf8');

/** The rows of the table under a heading, cell by cell, without the head. */
function tableUnder(heading: string): string[][] {
  const section = documentation.slice(documentation.indexOf(heading));
  const rows = section
    .split('\n')
    .filter((line, i, lines) => line.startsWith('|') && lines.slice(0, i).every((other, j) => j === 0 || !other.startsWith('#')));
  return rows.slice(2).map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  );
}

interface Schema {
  readonly def: { readonly innerType?: Schema; readonly shape?: Record<string, Schema>; readonly valueType?: Schema };
}

/** Every setting that the schema knows, as a path of names; below a map of names, none. */
function settingsOf(schema: Schema, path: string[] = []): string[] {
  let inner = schema;
  while (inner.def.innerType) inner = inner.def.innerType;
  if (inner.def.shape) return Object.entries(inner.def.shape).flatMap(([key, value]) => settingsOf(value, [...path, key]));
  return inner.def.valueType ? [] : [path.join('.')];
}

const shapeBelow = (key: 'profiles' | 'contexts'): Schema => {
  let inner = settingsSchema.shape[key] as unknown as Schema;
  while (inner.def.innerType) inner = inner.def.innerType;
  return inner.def.valueType as Schema;
};

/** The settings of one entry of a map of names. */
const entryOf = (schema: unknown): Record<string, Schema> => {
  let inner = schema as Schema;
  while (inner.def.innerType) inner = inner.def.innerType;
  return inner.def.valueType?.def.shape ?? {};
};

/** Settings that have this one value and no other that is not a default. */
function withSetting(path: string, value: unknown): string {
  return JSON.stringify(path.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), value));
}

const valueAt = (settings: unknown, path: string): unknown =>
  path.split('.').reduce((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], settings);
const shown = (value: unknown): string => (value === undefined || (Array.isArray(value) && value.length === 0) ? 'none' : String(value));

test('every setting is documented, and every documented setting exists', () => {
  assert.equal(
    tableUnder('## Settings')
      .map(([name]) => name)
      .sort(),
    settingsOf(settingsSchema as unknown as Schema).sort(),
  );
  assert.equal(
    tableUnder('### `profiles')
      .map(([name]) => name)
      .sort(),
    settingsOf(shapeBelow('profiles')).sort(),
  );
  assert.equal(
    tableUnder('### `contexts')
      .map(([name]) => name)
      .sort(),
    settingsOf(shapeBelow('contexts')).sort(),
  );
});

test('every setting of a tool and of a destination is documented, with its default', () => {
  const tool = { type: 'webhook', description: 'a', url: 'http://a' };
  const { tools, transfer } = parseSettings(
    JSON.stringify({ tools: { it: tool }, transfer: { destinations: { it: { description: 'a' } } } }),
    'file',
  );
  for (const [heading, schema, values] of [
    ['### `tools', settingsSchema.shape.tools, tools.it],
    ['### `transfer', settingsSchema.shape.transfer.unwrap().shape.destinations, transfer.destinations.it],
  ] as const) {
    const rows = tableUnder(heading);
    assert.equal(rows.map(([name]) => name).sort(), Object.keys(entryOf(schema)).sort());
    for (const [name = '', , standard = ''] of rows) {
      const value: unknown = valueAt(values, name);
      if (standard !== '' && typeof value !== 'object') assert.is(shown(value), standard, name);
    }
  }
});

test('the documented ranges of a tool are the ranges', () => {
  const withTool = (name: string, value: unknown): string =>
    JSON.stringify({ tools: { it: { type: 'webhook', description: 'a', url: 'http://a', safe_to_repeat: true, [name]: value } } });
  let ranges = 0;
  for (const [name = '', takes = ''] of tableUnder('### `tools')) {
    const [, low, high] = /^(\d+) to (\d+)$/.exec(takes) ?? [];
    if (low === undefined) continue;
    ranges += 1;
    for (const value of [Number(low), Number(high)]) parseSettings(withTool(name, value), 'file');
    for (const value of [Number(low) - 1, Number(high) + 1]) assert.throws(() => parseSettings(withTool(name, value), 'file'));
  }
  assert.is(ranges, 3);
  for (const name of ['method', 'once_per']) {
    const [, takes = ''] = tableUnder('### `tools').find(([one]) => one === name) ?? [];
    for (const word of takes.split(', ')) parseSettings(withTool(name, word), 'file');
  }
});

test('the documented defaults are the defaults', () => {
  const settings = parseSettings('', 'no file');
  for (const [name = '', , standard = ''] of tableUnder('## Settings')) {
    if (name !== 'engine.workers') assert.is(shown(valueAt(settings, name)), standard, name);
  }
  const profiles = Object.keys(builtInProfiles);
  for (const [name = '', , ...standards] of tableUnder('### `profiles')) {
    assert.equal(
      profiles.map((profile) => shown(valueAt(settings, `profiles.${profile}.${name}`))),
      standards.slice(0, profiles.length),
      name,
    );
  }
});

test('the documented ranges are the ranges: their ends are taken, what lies beyond is refused', () => {
  const rows = [...tableUnder('## Settings'), ...tableUnder('### `profiles').map(([name, ...rest]) => [`profiles.telephony.${name}`, ...rest])];
  const ranges = rows.flatMap(([name = '', takes = '']) => {
    const [, low, high] = /^(?:off, )?(-?\d+) to (-?\d+)$/.exec(takes) ?? [];
    return low === undefined ? [] : [{ name, low: Number(low), high: Number(high) }];
  });
  assert.ok(ranges.length > 15, `${ranges.length} ranges`);
  for (const { name, low, high } of ranges) {
    for (const value of [low, high]) assert.is(valueAt(parseSettings(withSetting(name, value), 'file'), name), value);
    for (const value of [low - 1, high + 1]) {
      assert.throws(
        () => parseSettings(withSetting(name, value), 'file'),
        (error: Error) => error.message.includes(`between ${low} and ${high} for ${name}`),
      );
    }
  }
});

test('the documented choices are the choices', () => {
  const rows = [...tableUnder('## Settings'), ...tableUnder('### `profiles').map(([name, ...rest]) => [`profiles.telephony.${name}`, ...rest])];
  const choices = rows.filter(([, takes = '']) => takes.includes(',') && !takes.includes('list') && !takes.includes(' to '));
  assert.ok(choices.length > 5);
  for (const [name = '', takes = ''] of choices) {
    for (const word of takes.split(', ')) {
      const value: unknown = /^(true|false|\d+)$/.test(word) ? JSON.parse(word) : word;
      assert.is(valueAt(parseSettings(withSetting(name, value), 'file'), name), value);
    }
    assert.throws(() => parseSettings(withSetting(name, 'something else'), 'file'));
  }
});

test('the example of the documentation is a valid file', () => {
  const example = /```yaml\n([\s\S]*?)```/.exec(documentation)?.[1] ?? '';
  const settings = parseSettings(example, 'example', { ADMIN_PORT: '8081' });
  assert.is(settings.admin.port, 8081);
});

test.run();
