import { suite } from 'uvu';
import { within } from '../deadline.js';
import { fetchedFolder } from '../fetched-folder.js';
import type { ServeOptions } from '../talkpath-process.js';
import { Bench } from './bench.js';

const scenarioDeadlineMs = 60_000;

export interface AsteriskSuite {
  /** A test with a bench; skipped where no Asterisk can be had. */
  scenario(name: string, run: (bench: Bench) => Promise<void>): void;
  /** The same for a test that needs something more, skipped where that cannot be had either. */
  scenarioWith<Thing>(thing: Thing | undefined, name: string, run: (bench: Bench, thing: Thing) => Promise<void>): void;
  /** Runs after the last test, whether tests were skipped or not. */
  after(clean: () => Promise<void>): void;
  run(): void;
}

/** A suite of tests that share one Asterisk and one talkpath. */
export async function asteriskSuite(name: string, settings: ServeOptions): Promise<AsteriskSuite> {
  const prefix = await fetchedFolder('asterisk', 'TALKPATH_REQUIRE_ASTERISK');
  const test = suite<{ bench?: Bench }>(`asterisk: ${name}`);
  if ('missing' in prefix) {
    process.stderr.write(`asterisk: ${name}: skipped, ${prefix.missing}\n`);
    return {
      scenario: (title) => test.skip(title),
      scenarioWith: (_, title) => test.skip(title),
      after: (clean) => test.after(clean),
      run: () => test.run(),
    };
  }
  test.before(async (context) => {
    context.bench = await Bench.start(prefix.folder, settings);
    process.stdout.write(`\n${(await context.bench.asterisk.command('core show version')).trim()}\n`);
  });
  test.after.each(async ({ bench }) => bench?.endCalls());
  test.after(async ({ bench }) => bench?.stop());
  const scenario: AsteriskSuite['scenario'] = (title, run) => {
    test(title, async ({ bench }) => {
      if (!bench) throw new Error('the bench did not start');
      await told(title, bench, run);
    });
  };
  return {
    scenario,
    scenarioWith(thing, title, run) {
      if (thing === undefined) test.skip(title);
      else scenario(title, (bench) => run(bench, thing));
    },
    after: (clean) => test.after(clean),
    run: () => test.run(),
  };
}

/** Runs a scenario; when it fails, what Asterisk and talkpath said meanwhile goes to the test log. */
async function told(title: string, bench: Bench, run: (bench: Bench) => Promise<void>): Promise<void> {
  const alreadySaid = bench.asterisk.log().length;
  try {
    await within(scenarioDeadlineMs, title, run(bench));
  } catch (error) {
    const said = bench.asterisk.log().slice(alreadySaid);
    process.stderr.write(`\n${title}: Asterisk and talkpath said\n${said}\n${bench.talkpath.tail(5)}\n`);
    throw error;
  }
}
