import type { Clock } from '../base/clock.js';
import type { Registration } from '../call/announcements.js';
import { AsteriskError } from './asterisk-error.js';
import { checkDestination, checkDigits, checkVariable } from './call-command.js';
import type { ChannelBook } from './channel-book.js';
import { withinDeadline } from './deadline.js';
import type { AsteriskWay, Destination } from './way.js';

export interface AsteriskControlOptions {
  /** Each where it is set. */
  readonly ami: AsteriskWay | undefined;
  readonly ari: AsteriskWay | undefined;
  readonly book: ChannelBook;
  readonly clock: Clock;
}

/** A caller hears nothing of the agent meanwhile. */
const lookUpMs = 500;
/** Far ends tell two digits apart by 40 ms. */
const betweenDigitsMs = 80;
const pauseMs = 500;

/**
 * What talkpath may do to a call in Asterisk, by its UUID, over whichever way is set. Everything rejects with an
 * AsteriskError; of an ability for which nothing is set it names the setting. Thread: control.
 */
export class AsteriskControl {
  readonly #options: AsteriskControlOptions;
  /** The digits of a call that are being played. */
  readonly #playing = new Map<string, Promise<void>>();

  constructor(options: AsteriskControlOptions) {
    this.#options = options;
  }

  /** Whether there is any way to Asterisk. */
  get isSet(): boolean {
    return (this.#options.ari ?? this.#options.ami) !== undefined;
  }

  /** What the caller's channel says of a call that nobody announced; undefined when there is no such channel. Rejects after 500 ms. */
  async lookUp(callId: string, signal?: AbortSignal): Promise<Registration | undefined> {
    const { ari, ami, clock, book } = this.#options;
    const way = ari ?? ami;
    if (!way) return undefined;
    const found = await withinDeadline(clock, lookUpMs, 'Asterisk', signal, () => way.find(callId));
    if (found) book.enter(callId, found.channelId);
    return found?.registration;
  }

  /** Takes the caller out of the call with the agent, to another place in the dialplan. */
  async redirect(callId: string, destination: Destination): Promise<void> {
    const checked = checkDestination(destination);
    await this.#onChannel('redirect a call', callId, (way, channelId) => way.redirect(channelId, checked));
  }

  /**
   * Plays digits to the caller, one after the other, those of a later request after those of an earlier one; w is a
   * pause of half a second. Resolves when the last was played; when `signal` is aborted, no further one is.
   */
  async playDigits(callId: string, digits: string, signal?: AbortSignal): Promise<void> {
    const checked = checkDigits(digits);
    const before = this.#playing.get(callId) ?? Promise.resolve();
    const playing = before.catch(() => {}).then(() => this.#play(callId, checked, signal));
    this.#playing.set(callId, playing);
    try {
      await playing;
    } finally {
      if (this.#playing.get(callId) === playing) this.#playing.delete(callId);
    }
  }

  /** Sets a variable of the caller's channel, for the dialplan to read. */
  async setVariable(callId: string, name: string, value: string): Promise<void> {
    checkVariable(name, value);
    await this.#onChannel('set a variable', callId, (way, channelId) => way.setVariable(channelId, name, value));
  }

  async #play(callId: string, digits: readonly string[], signal: AbortSignal | undefined): Promise<void> {
    for (const [i, digit] of digits.entries()) {
      if (signal?.aborted) return;
      const playsMs = digit === 'W' ? pauseMs : await this.#onChannel('play digits', callId, (way, channelId) => way.playDigit(channelId, digit));
      await this.#wait(playsMs + (i < digits.length - 1 && digit !== 'W' ? betweenDigitsMs : 0), signal);
    }
  }

  /** Resolves after so long, or when it is not waited for any more. */
  #wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      if (ms === 0 || signal?.aborted) return resolve();
      const finish = (): void => {
        cancel();
        signal?.removeEventListener('abort', finish);
        resolve();
      };
      const cancel = this.#options.clock.after(ms, finish);
      signal?.addEventListener('abort', finish);
    });
  }

  /** Does something to the caller's channel; one that was known and is gone is looked for once more. */
  async #onChannel<T>(ability: string, callId: string, act: (way: AsteriskWay, channelId: string) => Promise<T>): Promise<T> {
    const way = this.#way(ability);
    const { book } = this.#options;
    const known = book.channelOf(callId);
    try {
      if (known !== undefined) return await act(way, known);
    } catch (error) {
      if (!(error instanceof AsteriskError) || error.code !== 'TP_ERR_ASTERISK_CHANNEL') throw error;
      book.forget(callId);
    }
    const channelId = (await way.find(callId))?.channelId;
    if (channelId === undefined) throw new AsteriskError('TP_ERR_ASTERISK_CHANNEL', `Asterisk has no channel of call ${callId}`);
    book.enter(callId, channelId);
    return act(way, channelId);
  }

  /** The manager before REST: that one reaches a channel only while it is in Stasis(). */
  #way(ability: string): AsteriskWay {
    const way = this.#options.ami ?? this.#options.ari;
    if (way) return way;
    throw new AsteriskError(
      'TP_ERR_ASTERISK_UNSET',
      `Nothing is set by which to ${ability} in Asterisk: set asterisk.ami.host, asterisk.ami.user and asterisk.ami.secret`,
    );
  }
}
