import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { systemClock } from '#talkpath/base/clock.js';
import { messageOf } from '#talkpath/base/errors.js';
import { parseSettings } from '#talkpath/config/load.js';
import { ProviderRegistry } from '#talkpath/providers/registry.js';
import { projectFolder } from '../../support/project.js';

const pages = join(projectFolder, 'docs/providers');
const examples = join(pages, 'examples');
const files = readdirSync(examples);

/** Every variable that the text names, set. */
function environmentOf(text: string): NodeJS.ProcessEnv {
  return Object.fromEntries([...text.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => [name, 'value']));
}

/** A configuration with this part of a cascade; the others run on the machine. */
function cascadeWith(block: string): string {
  const others = ['stt: { type: local }', 'llm: { type: scripted }', 'tts: { type: local }'].filter((part) => part.slice(0, 4) !== block.slice(0, 4));
  return `providers:\n  parts:\n    type: cascade\n${[block, ...others].join('\n').replaceAll(/^/gm, '    ')}`;
}

test('the page of providers lists every example', () => {
  const page = readFileSync(join(pages, 'README.md'), 'utf8');
  assert.ok(files.length >= 4);
  for (const file of files) assert.ok(page.includes(`(examples/${file})`), file);
});

test('the page of providers links to every page, and to none that is not there', () => {
  const page = readFileSync(join(pages, 'README.md'), 'utf8');
  const linked = [...page.matchAll(/\]\(([\w-]+\.md)\)/g)].map(([, file]) => file as string);
  const there = readdirSync(pages).filter((file) => file.endsWith('.md') && file !== 'README.md');
  assert.equal([...new Set(linked)].sort(), there.sort());
});

for (const file of files) {
  test(`${file} is a configuration whose every service can be made`, async () => {
    const text = readFileSync(join(examples, file), 'utf8');
    const settings = parseSettings(text, file, environmentOf(text));
    const registry = new ProviderRegistry(settings.providers, systemClock, { replyOverdueMs: 4000 });
    try {
      for (const [name, { type }] of Object.entries(settings.providers)) {
        if (['echo', 'scripted', 'person'].includes(type)) continue;
        const made = await registry.get(name).catch((error: unknown) => {
          // What runs on this machine needs its models, which are not this test's affair.
          if ((error as { code?: string }).code === 'TP_ERR_MODEL_MISSING') return undefined;
          throw error;
        });
        if (made) assert.is(made.name, name);
      }
    } finally {
      await registry.close();
    }
  });
}

test('every configuration on a page of providers is one', () => {
  for (const page of readdirSync(pages).filter((file) => file.endsWith('.md'))) {
    const text = readFileSync(join(pages, page), 'utf8');
    for (const [, block = ''] of text.matchAll(/```yaml\n([\s\S]*?)```/g)) {
      // A part alone stands for itself on its page.
      const text = /^(stt|llm|tts):/.test(block) ? cascadeWith(block) : block;
      try {
        parseSettings(text, page, environmentOf(text));
      } catch (error) {
        assert.unreachable(`${page}: ${messageOf(error)}`);
      }
    }
  }
});

test.run();
