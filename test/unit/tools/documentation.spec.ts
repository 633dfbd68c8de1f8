import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseSettings } from '#talkpath/config/load.js';
import { callToolNames } from '#talkpath/config/tools.js';
import { verdictOn } from '#talkpath/tools/verdict.js';
import { projectFolder } from '../../support/project.js';
import { bookSettings } from '../../support/tool-bench.js';

const page = readFileSync(join(projectFolder, 'docs/tools.md'), 'utf8');

/** The rows of the table under a heading, cell by cell, without the head. */
function rowsUnder(heading: string): string[][] {
  const [section = ''] = page.slice(page.indexOf(`## ${heading}`) + 3).split(/^## /m);
  const rows = [...section.matchAll(/^\| (.*) \|$/gm)].map(([, row = '']) => row.split(' | '));
  return rows.slice(1);
}

test('the example is a valid file', () => {
  const example = /```yaml\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
  const { tools, contexts } = parseSettings(example, 'example', { BOOKING_TOKEN: 'token' });
  assert.equal(Object.keys(tools), ['book_table', 'free_tables']);
  assert.equal(tools.book_table?.headers, { Authorization: 'Bearer token' });
  assert.is(contexts.default?.tools.length, 4);
});

test('the tools that every call has are those', () => {
  assert.equal(
    rowsUnder('What every call can do').map(([name]) => name?.replaceAll('`', '')),
    [...callToolNames],
  );
});

test('the keywords that are told are understood, each with its types and no others', () => {
  const values: Record<string, unknown> = {
    type: undefined,
    description: 'a',
    enum: undefined,
    minLength: 1,
    maxLength: 9,
    pattern: 'a',
    minimum: 1,
    maximum: 9,
    items: { type: 'string' },
    properties: {},
    required: [],
    additionalProperties: true,
  };
  const isTaken = (type: string, keyword: string): boolean => {
    const value = keyword === 'enum' ? (type === 'string' ? ['a'] : [1]) : values[keyword];
    const it = { ...(type === 'array' ? { items: { type: 'string' } } : {}), ...(keyword === 'type' ? {} : { [keyword]: value }), type };
    const parameters = { type: 'object', properties: { it } };
    try {
      parseSettings(JSON.stringify({ tools: { book: bookSettings('http://127.0.0.1', { parameters }) } }), 'file');
      return true;
    } catch {
      return false;
    }
  };
  const words = (cell = ''): string[] => [...cell.matchAll(/`(\w+)`/g)].map(([, word = '']) => word);
  const [any, ...rows] = rowsUnder('Arguments');
  const types = rows.flatMap(([cell, keywords]) => words(cell).map((type) => ({ type, keywords: [...words(any?.[1]), ...words(keywords)] })));
  assert.is(types.length, 6);
  for (const { type, keywords } of types) {
    for (const keyword of Object.keys(values)) assert.is(isTaken(type, keyword), keywords.includes(keyword), `${type}: ${keyword}`);
  }
});

test('what an answer means is what is told', () => {
  const of = (status: number, retryAfter?: string): string => verdictOn({ type: 'answer', status, text: '', retryAfter }).type;
  const told = rowsUnder('The request').map(([, , isDone]) => isDone);
  assert.equal(told, ['yes', 'yes', 'no', 'no', 'unknown']);
  assert.equal(
    [of(200), of(404), of(429), of(503, '1'), of(302), of(408), of(500), of(503)],
    ['answered', 'refused', 'not-done', 'not-done', 'unknown', 'unknown', 'unknown', 'unknown'],
  );
});

test.run();
