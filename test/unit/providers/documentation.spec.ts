import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { provider, standardLimits } from '#talkpath/config/providers.js';
import { projectFolder } from '../../support/project.js';

/** The tables of settings of docs/providers, and the settings that there are. Those of ears and voices have tests of their own. */

interface Setting {
  safeParse(value: unknown): { readonly success: boolean; readonly data?: unknown };
}
type Shape = Readonly<Record<string, Setting>>;

const shapes = provider.options.map(({ shape }) => shape as unknown as Shape);
const ofType = (all: readonly Shape[], type: string): Shape => all.find((shape) => shape.type?.safeParse(type).success) as Shape;
const cascade = provider.options.find(({ shape }) => 'llm' in shape)?.shape as unknown as {
  readonly llm: { readonly options: readonly { readonly shape: Shape }[] };
};

const pages: readonly (readonly [page: string, shape: Shape])[] = [
  ['openai-realtime', ofType(shapes, 'openai-realtime')],
  ['deepgram-agent', ofType(shapes, 'deepgram-agent')],
  [
    'language-models',
    ofType(
      cascade.llm.options.map(({ shape }) => shape),
      'openai',
    ),
  ],
];

for (const [page, { type: _type, limits, ...settings }] of pages) {
  const text = readFileSync(join(projectFolder, `docs/providers/${page}.md`), 'utf8');
  const [, section = ''] = /\n## Settings\n([\s\S]*?)\n## /.exec(text) ?? [];
  const rows = [...section.matchAll(/^\| `([\w.]+)` \|([^|]*)\|([^|]*)\|/gm)].filter(([, name]) => name !== 'type');

  test(`docs/providers/${page}.md tells every setting, no other, and its default`, () => {
    const ofLimits = limits ? Object.keys(standardLimits).map((name) => `limits.${name}`) : [];
    assert.equal(rows.map(([, name = '']) => name).sort(), [...Object.keys(settings), ...ofLimits].sort());
    for (const [, name = '', , told = ''] of rows) {
      const limit = standardLimits[name.replace('limits.', '') as keyof typeof standardLimits];
      const { success, data } = settings[name]?.safeParse(undefined) ?? { success: true, data: limit };
      assert.is(told.trim().replace('none', ''), success && data !== undefined ? String(data) : '', name);
    }
  });
}

test.run();
