import { messageOf } from '#talkpath/base/errors.js';
import { modelFor, type Purpose, type Tier } from '#talkpath/models/catalogue.js';
import { ModelStore } from '#talkpath/models/store.js';

/**
 * Fetches models that a suite works with, unless they are on this machine. Where they cannot be had it says so and
 * answers false; it throws instead when CI=true or TALKPATH_REQUIRE_MODELS=1 says that the suite must run.
 */
export async function haveModels(...wanted: readonly (readonly [Purpose, Tier])[]): Promise<boolean> {
  const store = new ModelStore();
  try {
    for (const [purpose, tier] of wanted) await store.fetch(modelFor(purpose, tier));
    return true;
  } catch (error) {
    if (process.env.CI === 'true' || process.env.TALKPATH_REQUIRE_MODELS === '1') throw error;
    process.stderr.write(`skipped: ${messageOf(error)}\n`);
    return false;
  }
}
