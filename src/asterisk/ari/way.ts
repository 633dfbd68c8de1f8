import { AsteriskError } from '../asterisk-error.js';
import { registrationOf } from '../registration.js';
import { SharedListing } from '../shared-listing.js';
import { type AsteriskWay, type Destination, digitMs, type FoundCall } from '../way.js';
import { type AriChannel, callIdOfAriChannel, channelsOf } from './channel.js';
import type { AriRequest } from './client.js';

/** What is needed of the REST interface. */
export interface Rest {
  send(request: AriRequest): Promise<unknown>;
}

const mostListings = 2;

/** Asterisk by its REST interface: it sees every channel, and can do something to those in Stasis(). Thread: control. */
export class AriWay implements AsteriskWay {
  readonly #rest: Rest;
  readonly #variables: readonly string[];
  readonly #channels: SharedListing<AriChannel[]>;

  constructor(rest: Rest, variables: readonly string[]) {
    this.#rest = rest;
    this.#variables = variables;
    this.#channels = new SharedListing(mostListings, async () => channelsOf(await rest.send({ method: 'GET', path: '/channels' })));
  }

  async find(callId: string): Promise<FoundCall | undefined> {
    const channel = (await this.#channels.get()).find((one) => callIdOfAriChannel(one) === callId);
    if (!channel) return undefined;
    const known = (text: string): string | undefined => (text === '' ? undefined : text);
    const caller = { number: known(channel.number), name: known(channel.callerName) };
    return { channelId: channel.id, registration: registrationOf(channel.variables, this.#variables, caller) };
  }

  /** One whose extension is not there would hang the caller up: so that is asked first, where Asterisk can tell. */
  async redirect(channelId: string, { context, extension, priority }: Destination): Promise<void> {
    const query = { variable: `DIALPLAN_EXISTS(${context},${extension},${priority})` };
    const exists = await this.#channel('GET', channelId, 'variable', query).catch(() => undefined);
    if ((exists as { value?: unknown } | undefined)?.value === '0')
      throw new AsteriskError('TP_ERR_ASTERISK_REFUSED', `The dialplan of Asterisk has no ${context},${extension},${priority}`);
    const label = typeof priority === 'number' ? { priority: String(priority) } : { label: priority };
    await this.#channel('POST', channelId, 'continue', { context, extension, ...label });
  }

  /** It is answered before it is played. */
  async playDigit(channelId: string, digit: string): Promise<number> {
    await this.#channel('POST', channelId, 'dtmf', { dtmf: digit, duration: String(digitMs) });
    return digitMs;
  }

  async setVariable(channelId: string, name: string, value: string): Promise<void> {
    await this.#channel('POST', channelId, 'variable', { variable: name, value });
  }

  #channel(method: AriRequest['method'], channelId: string, what: string, query: Readonly<Record<string, string>>): Promise<unknown> {
    return this.#rest.send({ method, path: `/channels/${encodeURIComponent(channelId)}/${what}`, query });
  }
}
