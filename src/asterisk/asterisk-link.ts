import { AllowList } from '../base/allow-list.js';
import type { Clock } from '../base/clock.js';
import { messageOf } from '../base/errors.js';
import type { Log } from '../base/log.js';
import { RepeatedWarning } from '../base/repeated-warning.js';
import type { Registration } from '../call/announcements.js';
import { unknownNames } from '../config/known-names.js';
import type { Settings } from '../config/schema.js';
import { answerDialplan, type DialplanAnswerOptions, type DialplanStatus } from './agi/dialplan-answer.js';
import { type AgiRefusal, AgiServer } from './agi/server.js';
import { AmiClient } from './ami/client.js';
import { AmiWay } from './ami/way.js';
import { AriClient } from './ari/client.js';
import { AriWay } from './ari/way.js';
import { type AsteriskErrorCode, asAsteriskError } from './asterisk-error.js';
import { ChannelBook } from './channel-book.js';
import { AsteriskControl } from './control.js';
import { isWithinBounds } from './registration.js';

/** What a dialplan finds behind AudioSocket(): the name of the destination that the agent has chosen. */
const nextVariable = 'TALKPATH_NEXT';

export type LookUpOutcome = 'found' | 'not-found' | AsteriskErrorCode;

export interface AsteriskLinkOptions extends Pick<DialplanAnswerOptions, 'announce'> {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly log: Log;
  readonly onDialplan: (outcome: DialplanStatus | AgiRefusal) => void;
  readonly onLookUp: (outcome: LookUpOutcome) => void;
}

/** Every way to and from Asterisk beside audio, as far as it is set: wiring, and what the log says of them. Thread: control. */
export class AsteriskLink {
  readonly control: AsteriskControl;
  readonly #options: AsteriskLinkOptions;
  readonly #agi: AgiServer | undefined;
  readonly #ami: AmiClient | undefined;
  readonly #ari: AriClient | undefined;
  readonly #dialplans: RepeatedWarning<string>;
  readonly #lookUps: RepeatedWarning<string>;
  readonly #book = new ChannelBook();
  /** Calls whose callers were to be sent on. */
  readonly #sentOn = new Set<string>();

  constructor(options: AsteriskLinkOptions) {
    const { settings, clock, log } = options;
    const { variables, agi, ami, ari } = settings.asterisk;
    const book = this.#book;
    this.#options = options;
    this.#dialplans = new RepeatedWarning(clock, (reason, times) => log.warn({ reason, times }, 'calls of dialplans were not announced'));
    this.#lookUps = new RepeatedWarning(clock, (reason, times) => log.warn({ reason, times }, 'calls were not looked up in Asterisk'));
    if (agi.port !== 'off') {
      this.#agi = new AgiServer({
        host: agi.host,
        port: agi.port,
        maxConnections: agi.max_connections,
        allowed: new AllowList(settings.audiosocket.allow),
        clock,
        serve: async (session) => {
          const onChannel = (callId: string, channelId: string): void => book.enter(callId, channelId);
          this.#tellDialplan(await answerDialplan(session, { settings, announce: options.announce, onChannel }));
        },
        onRefused: (reason) => this.#tellDialplan(reason),
        onFault: (error) => log.error({ error: messageOf(error) }, 'a dialplan could not be answered'),
      });
    }
    let amiWay: AmiWay | undefined;
    if (ami.host !== undefined) {
      this.#ami = new AmiClient({
        host: ami.host,
        port: ami.port,
        user: ami.user ?? '',
        secret: ami.secret ?? '',
        clock,
        onEvent: (event) => amiWay?.takeEvent(event),
        onState: (lost) => {
          if (lost) log.warn({ code: lost.code, error: lost.message }, 'no connection to the manager of Asterisk');
          else log.info({}, 'connected to the manager of Asterisk');
        },
      });
      amiWay = new AmiWay(this.#ami, book, variables);
    }
    if (ari.url !== undefined) this.#ari = new AriClient({ url: ari.url, user: ari.user ?? '', password: ari.password ?? '', clock });
    this.control = new AsteriskControl({ ami: amiWay, ari: this.#ari && new AriWay(this.#ari, variables), book, clock });
  }

  /** Listens for dialplans, and begins to connect to the manager. Returns the address for AGI(); rejects with TP_ERR_LISTEN. */
  async start(): Promise<{ readonly host: string; readonly port: number } | undefined> {
    this.#ami?.start();
    return this.#agi?.listen();
  }

  /** Whether the manager can be asked now; undefined where it is not set. */
  get isManagerConnected(): boolean | undefined {
    return this.#ami?.isConnected;
  }

  /** What Asterisk says of a call that nobody announced. Never rejects, and takes half a second at most. */
  async lookUp(callId: string): Promise<Registration | undefined> {
    if (!this.control.isSet) return undefined;
    try {
      const registration = await this.control.lookUp(callId);
      this.#options.onLookUp(registration ? 'found' : 'not-found');
      return registration && this.#usable(registration);
    } catch (error) {
      const { code } = asAsteriskError('Asterisk', error);
      this.#options.onLookUp(code);
      this.#lookUps.happened(code);
      return undefined;
    }
  }

  /** Plays keys to the caller, for the agent. Resolves with whether they were; never rejects. */
  pressKeys(callId: string, digits: string, signal: AbortSignal): Promise<boolean> {
    return this.#act(callId, 'keys were not pressed', () => this.control.playDigits(callId, digits, signal));
  }

  /**
   * Sends the caller to a destination of the settings, once a call; of one that has no place in the dialplan it leaves
   * the name there. Resolves with whether the caller is gone: one who was sent on leaves the line as who hangs up. Never
   * rejects.
   */
  async sendOn(callId: string, destination: string): Promise<boolean> {
    const place = this.#options.settings.transfer.destinations[destination];
    if (!place || this.#sentOn.has(callId)) return false;
    this.#sentOn.add(callId);
    const { context, extension, priority = 1 } = place;
    if (context === undefined || extension === undefined) {
      if (this.control.isSet)
        await this.#act(callId, 'dialplan was not told where to', () => this.control.setVariable(callId, nextVariable, destination));
      return false;
    }
    return this.#act(callId, 'caller was not sent on', () => this.control.redirect(callId, { context, extension, priority }));
  }

  /** Nothing more will be asked about this call. */
  callEnded(callId: string): void {
    this.#sentOn.delete(callId);
    this.#book.forget(callId);
  }

  /** Nothing is open or waited for afterwards. */
  async close(): Promise<void> {
    this.#ami?.close();
    this.#ari?.close();
    await this.#agi?.close();
    this.#dialplans.stop();
    this.#lookUps.stop();
  }

  async #act(callId: string, otherwise: string, act: () => Promise<void>): Promise<boolean> {
    try {
      await act();
      return true;
    } catch (error) {
      const { code, message } = asAsteriskError('Asterisk', error);
      this.#options.log.warn({ callId, code, error: message }, otherwise);
      return false;
    }
  }

  #tellDialplan(outcome: DialplanStatus | AgiRefusal): void {
    this.#options.onDialplan(outcome);
    if (outcome !== 'announced') this.#dialplans.happened(outcome);
  }

  /** Nobody can be told of a name that the settings do not have: the call is set up without it. */
  #usable(registration: Registration): Registration {
    const wrong = unknownNames(this.#options.settings, registration).map(({ field }) => field);
    for (const field of wrong) this.#lookUps.happened(`unknown-${field}`);
    if (!isWithinBounds(registration)) {
      this.#lookUps.happened('too-long');
      return { caller: {}, variables: {} };
    }
    return { ...registration, ...Object.fromEntries(wrong.map((field) => [field, undefined])) };
  }
}
