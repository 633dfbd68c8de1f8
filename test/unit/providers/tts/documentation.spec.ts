import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseSettings } from '#talkpath/config/load.js';
import { provider } from '#talkpath/config/providers.js';
import { projectFolder } from '../../../support/project.js';

const pages = { elevenlabs: 'elevenlabs', openai: 'openai-speech', deepgram: 'deepgram-speak', polly: 'polly', riva: 'riva-tts' };
const environment = Object.fromEntries(
  ['DEEPGRAM_API_KEY', 'OPENAI_API_KEY', 'ELEVENLABS_API_KEY', 'ELEVENLABS_VOICE', 'NVIDIA_API_KEY'].map((name) => [name, 'from the environment']),
);

interface Setting {
  safeParse(value: unknown): { readonly success: boolean; readonly data?: unknown };
}

/** The settings of one type of voice, by name. */
function settingsOf(type: string): Readonly<Record<string, Setting>> {
  for (const option of provider.options) {
    if (!('tts' in option.shape)) continue;
    const shapes = option.shape.tts.options.map(({ shape }) => shape);
    const found = shapes.find((shape) => shape.type.safeParse(type).success);
    if (found) return found as unknown as Record<string, Setting>;
  }
  throw new Error(`no voice is of type ${type}`);
}

for (const [type, page] of Object.entries(pages)) {
  const text = readFileSync(join(projectFolder, `docs/providers/${page}.md`), 'utf8');
  const rows = [...text.matchAll(/^\| `(\w+)` \| ([^|]*) \| ([^|]*) \|/gm)].map(([, name = '', , standard = '']) => ({
    name,
    standard: standard.trim(),
  }));

  test(`${page}.md has every setting of its voice, and no other`, () => {
    assert.equal(rows.map(({ name }) => name).sort(), Object.keys(settingsOf(type)).sort());
  });

  test(`${page}.md tells the defaults that are`, () => {
    for (const { name, standard } of rows) {
      const { success, data } = settingsOf(type)[name]?.safeParse(undefined) ?? { success: false };
      if (!success) assert.is(standard, 'none, demanded', name);
      else if (data === undefined) assert.ok(standard === 'none' || /^(of|the) /.test(standard), name);
      else assert.is(standard, String(data), name);
    }
  });

  test(`the example of ${page}.md is taken as it stands`, () => {
    const [, example = ''] = /```yaml\n([\s\S]*?)```/.exec(text) ?? [];
    const { reception } = parseSettings(example, page, environment).providers;
    assert.ok(reception?.type === 'cascade' && reception.tts.type === type);
    for (const [, line = ''] of text.matchAll(/`tts: (\{[^`]*\})`/g)) {
      const whole = `providers: { it: { type: cascade, stt: { type: local }, llm: { type: scripted }, tts: ${line} } }`;
      parseSettings(whole, page, environment);
    }
  });
}

test.run();
