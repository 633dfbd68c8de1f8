import { AsteriskError } from '../asterisk-error.js';
import { callIdOfChannel } from '../call-id.js';
import type { ChannelBook } from '../channel-book.js';
import { askedVariables, registrationOf } from '../registration.js';
import { SharedListing } from '../shared-listing.js';
import { type AsteriskWay, type Destination, digitMs, type FoundCall } from '../way.js';
import type { AmiMessage } from './message.js';

/** What is needed of the manager's connection. */
export interface Manager {
  ask(action: string, fields?: Readonly<Record<string, string>>): Promise<AmiMessage>;
  list(action: string, fields?: Readonly<Record<string, string>>): Promise<AmiMessage[]>;
}

const mostListings = 2;

/** Asterisk by its manager interface: it reaches every channel, whatever that does. Thread: control. */
export class AmiWay implements AsteriskWay {
  readonly #manager: Manager;
  readonly #book: ChannelBook;
  readonly #variables: readonly string[];
  readonly #channels: SharedListing<AmiMessage[]>;

  constructor(manager: Manager, book: ChannelBook, variables: readonly string[]) {
    this.#manager = manager;
    this.#book = book;
    this.#variables = variables;
    this.#channels = new SharedListing(mostListings, () => this.#status({}));
  }

  /** A step of some channel's dialplan: if it leads to talkpath, its call's channel is known from now on. */
  takeEvent(event: AmiMessage): void {
    if (event.get('Event') !== 'Newexten') return;
    const callId = callIdOfChannel({
      name: event.get('Channel'),
      application: event.get('Application'),
      data: event.get('AppData'),
      values: event.all('ChanVariable').map(valueIn),
    });
    if (callId !== undefined) this.#book.enter(callId, event.get('Uniqueid'));
  }

  async find(callId: string): Promise<FoundCall | undefined> {
    const known = this.#book.channelOf(callId);
    const channels = known === undefined ? await this.#channels.get() : await this.#status({ Channel: known });
    const channel = channels.find((status) => status.get('Uniqueid') === known || callIdOfStatus(status) === callId);
    return channel && { channelId: channel.get('Uniqueid'), registration: this.#registrationOf(channel) };
  }

  /** One whose extension is not there would hang the caller up: so that is asked first, where Asterisk can tell. */
  async redirect(channelId: string, { context, extension, priority }: Destination): Promise<void> {
    const exists = await this.#manager.ask('Getvar', { Channel: channelId, Variable: `DIALPLAN_EXISTS(${context},${extension},${priority})` });
    if (exists.get('Response') === 'Success' && exists.get('Value') === '0')
      throw new AsteriskError('TP_ERR_ASTERISK_REFUSED', `The dialplan of Asterisk has no ${context},${extension},${priority}`);
    await this.#do('Redirect', { Channel: channelId, Context: context, Exten: extension, Priority: String(priority) });
  }

  /** It is answered when it has been played; every other action of this connection waits for that. */
  async playDigit(channelId: string, digit: string): Promise<number> {
    await this.#do('PlayDTMF', { Channel: channelId, Digit: digit, Duration: String(digitMs) });
    return 0;
  }

  async setVariable(channelId: string, name: string, value: string): Promise<void> {
    await this.#do('Setvar', { Channel: channelId, Variable: name, Value: value });
  }

  /** The channels that there are, or the one of this id. */
  async #status(channel: { readonly Channel?: string }): Promise<AmiMessage[]> {
    const messages = await this.#manager.list('Status', { ...channel, Variables: askedVariables(this.#variables).join(',') });
    const [answer] = messages;
    if (answer && answer.get('Response') !== 'Success' && channel.Channel === undefined) throw refusalOf('Status', answer);
    return messages.filter((message) => message.get('Event') === 'Status');
  }

  async #do(action: string, fields: Readonly<Record<string, string>>): Promise<void> {
    const answer = await this.#manager.ask(action, fields);
    if (answer.get('Response') !== 'Success') throw refusalOf(action, answer);
  }

  #registrationOf(channel: AmiMessage): FoundCall['registration'] {
    // Asterisk says "(null)" of a variable that is not set.
    const entries = channel.all('Variable').map((text) => [nameIn(text), valueIn(text)] as const);
    const values = new Map(entries.filter(([, value]) => value !== '(null)'));
    const known = (text: string): string | undefined => (text === '' || text === '<unknown>' ? undefined : text);
    return registrationOf(values, this.#variables, { number: known(channel.get('CallerIDNum')), name: known(channel.get('CallerIDName')) });
  }
}

const callIdOfStatus = (status: AmiMessage): string | undefined =>
  callIdOfChannel({
    name: status.get('Channel'),
    application: status.get('Application'),
    data: status.get('Data'),
    values: [...status.all('ChanVariable'), ...status.all('Variable')].map(valueIn),
  });

const nameIn = (assignment: string): string => assignment.slice(0, Math.max(0, assignment.indexOf('=')));
const valueIn = (assignment: string): string => assignment.slice(assignment.indexOf('=') + 1);

/** Its own words may name the channel, and so the caller. */
function refusalOf(action: string, answer: AmiMessage): AsteriskError {
  const said = answer.get('Message');
  if (/permission/i.test(said)) return new AsteriskError('TP_ERR_ASTERISK_LOGIN', `The user of asterisk.ami lacks the right to ${action}`);
  if (/(channel does not exist|no such channel|channel not found|channel not specified)/i.test(said))
    return new AsteriskError('TP_ERR_ASTERISK_CHANNEL', `Asterisk has no such channel any more for ${action}`);
  if (/invalid\/unknown command/i.test(said))
    return new AsteriskError('TP_ERR_ASTERISK_REFUSED', `Asterisk does not know ${action}: a module that gives it is not loaded`);
  return new AsteriskError('TP_ERR_ASTERISK_REFUSED', `Asterisk refuses ${action}`);
}
