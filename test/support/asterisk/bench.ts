import { randomUUID } from 'node:crypto';
import { BareEcho } from '../bare-echo.js';
import { within } from '../deadline.js';
import { Phone, type PhoneOptions } from '../sip/phone.js';
import type { PhoneCall } from '../sip/phone-call.js';
import { type CallAnnouncement, type ServeOptions, TalkpathProcess } from '../talkpath-process.js';
import { Asterisk } from './asterisk.js';
import { dialplan, sounds } from './dialplan.js';

const answerDeadlineMs = 5000;

export interface DialOptions extends Partial<PhoneOptions> {
  /** What is said of the call before it comes. */
  readonly announce?: CallAnnouncement;
}

/** A call through Asterisk to talkpath. */
export interface BenchCall {
  readonly uuid: string;
  readonly call: PhoneCall;
}

/**
 * A real Asterisk and a talkpath, joined by the dialplan, and phones to call with. All the while one more call goes to a
 * bare server that echoes: the control, which shows what the machine, Asterisk and the phones do without talkpath.
 */
export class Bench {
  readonly asterisk: Asterisk;
  readonly #settings: ServeOptions;
  readonly #bare: BareEcho;
  readonly #phones: Phone[] = [];
  #talkpath: TalkpathProcess;
  #control: { readonly phone: Phone; readonly call: PhoneCall; readonly channels: readonly string[] } | undefined;

  private constructor(asterisk: Asterisk, talkpath: TalkpathProcess, bare: BareEcho, settings: ServeOptions) {
    this.asterisk = asterisk;
    this.#talkpath = talkpath;
    this.#bare = bare;
    this.#settings = settings;
  }

  /**
   * @param prefix folder of the unpacked Asterisk
   * @param settings of talkpath, whose environment has the ports of Asterisk too: AMI_PORT and ARI_PORT
   */
  static async start(prefix: string, settings: ServeOptions): Promise<Bench> {
    const asterisk = await Asterisk.start({ prefix, dialplan, sounds });
    const environment = { ...settings.environment, AMI_PORT: String(asterisk.managerPort), ARI_PORT: String(asterisk.httpPort) };
    const talkpath = await TalkpathProcess.start({ ...settings, environment }).catch(async (error) => {
      await asterisk.stop();
      throw error;
    });
    const bench = new Bench(asterisk, talkpath, await BareEcho.start(), { ...settings, environment });
    await bench.#join();
    await bench.#startControl();
    return bench;
  }

  get talkpath(): TalkpathProcess {
    return this.#talkpath;
  }

  get control(): PhoneCall {
    if (!this.#control) throw new Error('the bench did not start');
    return this.#control.call;
  }

  /** Starts talkpath anew, on other ports; the old one must have ended. */
  async restartTalkpath(): Promise<void> {
    this.#talkpath = await TalkpathProcess.start(this.#settings);
    await this.#join();
  }

  /** Dials an extension of the dialplan from a phone of its own; resolves when Asterisk has answered. */
  async dial(extension: string, options: DialOptions = {}): Promise<BenchCall> {
    const dialled = await this.ring(extension, options);
    await within(answerDeadlineMs, `extension ${extension} answers`, dialled.call.answered);
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

  /** Asterisk's channels, the control call's left out. */
  async channels(): Promise<string[]> {
    return (await this.asterisk.channels()).filter((name) => !this.#control?.channels.includes(name));
  }

  /** Ends what is left of the calls. */
  async endCalls(): Promise<void> {
    await Promise.all(this.#phones.splice(0).map((phone) => phone.close().catch(() => undefined)));
  }

  async stop(): Promise<void> {
    await this.endCalls();
    await this.#control?.phone.close().catch(() => undefined);
    await Promise.all([this.#talkpath.stop(), this.asterisk.stop(), this.#bare.stop()]);
  }

  async #join(): Promise<void> {
    await this.asterisk.setGlobal('TALKPATH', this.talkpath.audiosocket);
    await this.asterisk.setGlobal('ADMIN', this.talkpath.admin);
    if (this.talkpath.agi) await this.asterisk.setGlobal('AGI', this.talkpath.agi);
    await this.asterisk.setGlobal('BARE', this.#bare.address);
  }

  async #startControl(): Promise<void> {
    const phone = await Phone.open({ sipPort: this.asterisk.sipPort });
    const call = await phone.ring('bare', { 'X-Call-Uuid': randomUUID() });
    await within(answerDeadlineMs, 'the control call is answered', call.answered);
    this.#control = { phone, call, channels: await this.asterisk.channels() };
  }
}
