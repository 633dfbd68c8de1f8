import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { eventually } from '../deadline.js';
import type { ProviderBench } from './provider-bench.js';
import { providerRules } from './provider-rules.js';

/**
 * The conformance kit: one test a rule, each with a bench of its own. Afterwards no connection is open, and the
 * services have seen nothing that their protocols do not allow. The suite still has to be run.
 */
export function conforms(name: string, open: () => Promise<ProviderBench>): ReturnType<typeof suite> {
  const test = suite(name);
  for (const [rule, holds] of Object.entries(providerRules)) {
    test(`${name}: ${rule}`, async () => {
      const bench = await open();
      try {
        await holds(bench);
        await eventually(2000, 'every connection is closed', () => bench.openConnections() === 0, 10);
        assert.equal(bench.violations(), []);
      } finally {
        await bench.close();
      }
    });
  }
  return test;
}
