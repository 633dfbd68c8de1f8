import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { conforms } from '../support/conformance/provider-kit.js';
import { providerRules } from '../support/conformance/provider-rules.js';
import { flaws, ReferenceProvider } from '../support/conformance/reference-provider.js';
import { eventually } from '../support/deadline.js';

/** The kit, tested: it passes a provider that is right, and notices each of many that are wrong. */

conforms('a provider that is right', async () => new ReferenceProvider()).run();

/** Names of the rules that a provider with this flaw breaks. */
async function brokenBy(flaw: (typeof flaws)[number]): Promise<string[]> {
  const broken: string[] = [];
  await Promise.all(
    Object.entries(providerRules).map(async ([rule, holds]) => {
      const bench = new ReferenceProvider(flaw);
      try {
        await holds(bench);
        await eventually(300, 'every connection is closed', () => bench.openConnections() === 0, 10);
      } catch {
        broken.push(rule);
      }
    }),
  );
  return broken;
}

const found = Promise.all(flaws.map(async (flaw) => [flaw, await brokenBy(flaw)] as const));

for (const flaw of flaws) {
  test(`a provider that ${flaw.replaceAll('-', ' ')} is noticed`, async () => {
    const broken = new Map(await found).get(flaw) ?? [];
    assert.ok(broken.length > 0, 'no rule is broken');
  });
}

test('every rule is broken by some provider', async () => {
  const broken = new Set((await found).flatMap(([, rules]) => rules));
  assert.equal(
    Object.keys(providerRules).filter((rule) => !broken.has(rule)),
    [],
  );
});

test.run();
