import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseSettings } from '#talkpath/config/load.js';
import { projectFolder } from '../../../support/project.js';

type Stt = Readonly<Record<string, unknown>>;

const pages = { 'deepgram-listen': ['deepgram', 'deepgram-flux'], 'openai-transcription': ['openai'], groq: ['groq'], 'riva-stt': ['riva'] };
const required = { api_key: 'key', url: 'http://127.0.0.1:1' };

const read = (page: string): string => readFileSync(join(projectFolder, 'docs/providers', `${page}.md`), 'utf8');

/** The speech to text of a file that has a single provider. */
function sttOf(file: string): Stt {
  const { reception } = parseSettings(file, 'file', { DEEPGRAM_API_KEY: 'k', OPENAI_API_KEY: 'k', GROQ_API_KEY: 'k' }).providers;
  return (reception as unknown as { stt: Stt }).stt;
}

const sttWith = (stt: object): Stt =>
  sttOf(JSON.stringify({ providers: { reception: { type: 'cascade', stt, llm: { type: 'scripted' }, tts: { type: 'local' } } } }));

function rowsOf(page: string, type: string): string[][] {
  const [, section = ''] = read(page).split(`## Settings: \`${type}\`\n`);
  const [table = ''] = section.split('\n#');
  const rows = table.split('\n').filter((line) => line.startsWith('| `'));
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  );
}

for (const [page, types] of Object.entries(pages)) {
  test(`the example of docs/providers/${page}.md is a valid file`, () => {
    const example = /```yaml\n([\s\S]*?)```/.exec(read(page))?.[1] ?? '';
    assert.is(sttOf(example).type, types[0]);
  });

  for (const type of types) {
    test(`docs/providers/${page}.md tells every setting of ${type}, and its default`, () => {
      const rows = rowsOf(page, type);
      const needed = rows.filter(([, , , meaning]) => meaning?.includes('must be set')).map(([name]) => name as keyof typeof required);
      const settings = sttWith({ type, ...Object.fromEntries(needed.map((name) => [name, required[name]])) });
      for (const [name = '', takes = '', standard] of rows) {
        const isNeeded = needed.some((other) => other === name);
        assert.is(isNeeded ? 'none' : String(settings[name] ?? 'none'), standard, name);
        const { [name]: _, ...others } = settings;
        if (isNeeded) assert.throws(() => sttWith(others), name);
        else if (standard === 'none') assert.is(sttWith({ ...others, [name]: 'x' })[name], 'x');
        const [, low, high] = /^([\d.]+) to ([\d.]+)$/.exec(takes) ?? [];
        for (const end of [low, high]) if (end) assert.is(sttWith({ ...others, [name]: Number(end) })[name], Number(end));
        if (low) assert.throws(() => sttWith({ ...others, [name]: Number(low) - 0.1 }), name);
        if (high) assert.throws(() => sttWith({ ...others, [name]: Number(high) + 0.1 }), name);
      }
      const told = rows.map(([name]) => name);
      assert.equal(
        Object.keys(settings).filter((name) => name !== 'type' && !told.includes(name)),
        [],
      );
      assert.throws(() => sttWith({ ...settings, unknown: 1 }), 'unknown');
    });
  }
}

test.run();
