import { randomUUID } from 'node:crypto';
import { suite } from 'uvu';
import { within } from '../deadline.js';
import { fetchedFolder } from '../fetched-folder.js';
import { Phone, type PhoneOptions } from '../sip/phone.js';
import type { PhoneCall } from '../sip/phone-call.js';
import { type CallAnnouncement, type ServeOptions, TalkpathProcess } from '../talkpath-process.js';
import { Asterisk } from './asterisk.js';
import { dialplan, sounds } from './dialplan.js';

const scenarioDeadlineMs = 60_000;

export interface DialOptions extends Partial<PhoneOptions> {
  /** What is said of the call before it comes. */
  readonly announce?: CallAnnouncement;
}

/** A call through Asterisk to talkpath. */
export interface BenchCall {
  readonly uuid: string;
  readonly call: PhoneCall;
}

/** A real Asterisk and a talkpath, joined by the dialplan, and phones to call with. */
export class Bench {
  readonly asterisk: Asterisk;
  readonly #settings: ServeOptions;
  readonly #phones: Phone[] = [];
  #talkpath: TalkpathProcess;

  private constructor(asterisk: Asterisk, talkpath: TalkpathProcess, settings: ServeOptions) {
    this.asterisk = asterisk;
    this.#talkpath = talkpath;
    this.#settings = settings;
  }

  static async start(prefix: string, settings: ServeOptions): Promise<Bench> {
    const talkpath = await TalkpathProcess.start(settings);
    const asterisk = await Asterisk.start({ prefix, dialplan, sounds }).catch(async (error) => {
      await talkpath.stop();
      throw error;
    });
    const bench = new Bench(asterisk, talkpath, settings);
    await bench.#join();
    return bench;
  }

  get talkpath(): TalkpathProcess {
    return this.#talkpath;
  }

  /** Starts talkpath anew, on other ports; the old one must have ended. */
  async restartTalkpath(): Promise<void> {
    this.#talkpath = await TalkpathProcess.start(this.#settings);
    await this.#join();
  }

  /** Dials an extension of the dialplan from a phone of its own; resolves when Asterisk has answered. */
  async dial(extension: string, options: DialOptions = {}): Promise<BenchCall> {
    const dialled = await this.ring(extension, options);
    await within(5000, `extension ${extension} answers`, dialled.call.answered);
    return dialled;
  }

  /** Dials and does not wait for the answer. */
  async ring(extension: string, { announce, ...phoneOptions }: DialOptions = {}): Promise<BenchCall> {
    const uuid = randomUUID();
    if (announce) await this.talkpath.announce(uuid, announce);
    const phone = await Phone.open({ sipPort: this.asterisk.sipPort, ...phoneOptions });
    this.#phones.push(phone);
    return { uuid, call: await phone.ring(extension, { 'X-Call-Uuid': uuid }) };
  }

  /** Ends what is left of the calls. */
  async endCalls(): Promise<void> {
    await Promise.all(this.#phones.splice(0).map((phone) => phone.close().catch(() => undefined)));
  }

  async stop(): Promise<void> {
    await this.endCalls();
    await Promise.all([this.#talkpath.stop(), this.asterisk.stop()]);
  }

  async #join(): Promise<void> {
    await this.asterisk.setGlobal('TALKPATH', this.talkpath.audiosocket);
    await this.asterisk.setGlobal('ADMIN', this.talkpath.admin);
  }
}

export interface AsteriskSuite {
  /** A test with a bench; skipped where no Asterisk can be had. */
  scenario(name: string, run: (bench: Bench) => Promise<void>): void;
  /** The same for a test that needs something more, skipped where that cannot be had either. */
  scenarioWith<Thing>(thing: Thing | undefined, name: string, run: (bench: Bench, thing: Thing) => Promise<void>): void;
  run(): void;
}

/** A suite of tests that share one Asterisk and one talkpath. */
export async function asteriskSuite(name: string, settings: ServeOptions): Promise<AsteriskSuite> {
  const prefix = await fetchedFolder('asterisk', 'TALKPATH_REQUIRE_ASTERISK');
  const test = suite<{ bench?: Bench }>(`asterisk: ${name}`);
  if ('missing' in prefix) {
    process.stderr.write(`asterisk: ${name}: skipped, ${prefix.missing}\n`);
    return { scenario: (title) => test.skip(title), scenarioWith: (_, title) => test.skip(title), run: () => test.run() };
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
