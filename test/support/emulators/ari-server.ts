import type { IncomingMessage, ServerResponse } from 'node:http';
import type { EmulatedChannel } from './asterisk-channel.js';
import { EmulatedService, Refusal } from './service.js';

export interface AriServerOptions {
  /** As of the user in ari.conf. */
  readonly readOnly?: boolean;
  /** The places that its dialplan has, as "CONTEXT,EXTENSION,PRIORITY"; undefined when it cannot tell. */
  readonly dialplan?: readonly string[];
}

/** What each resource of a channel takes as its query: what there must be, and what there may be. */
const resources: Readonly<Record<string, { readonly must: readonly string[]; readonly may: readonly string[] }>> = {
  'GET variable': { must: ['variable'], may: [] },
  'POST variable': { must: ['variable'], may: ['value', 'bypassStasis'] },
  'POST dtmf': { must: ['dtmf'], may: ['before', 'between', 'duration', 'after'] },
  'POST continue': { must: [], may: ['context', 'extension', 'priority', 'label'] },
};

const user = 'talkpath';
const password = 'password-of-ari';

/** Asterisk's REST interface with channels that a test makes. Source: Asterisk 22, rest-api/api-docs, and its behaviour. */
export class AriServer extends EmulatedService {
  readonly user = user;
  readonly password = password;
  readonly channels: EmulatedChannel[] = [];
  /** What was done to channels: "continue 17.1 human,100,1". */
  readonly done: string[] = [];
  /** How many listings were asked for, and how many at a time at most. */
  listings = 0;
  mostListingsAtATime = 0;
  /** How long a listing takes. */
  listingMs = 0;
  #listing = 0;
  readonly #options: AriServerOptions;

  constructor(options: AriServerOptions = {}) {
    super();
    this.#options = options;
  }

  /** What asterisk.ari.url is to be. */
  get ariUrl(): string {
    return `${this.url}/ari`;
  }

  protected override accept(request: IncomingMessage, url: URL): void {
    const expected = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
    if (request.headers.authorization !== expected) throw new Refusal(401, { message: 'Authentication required' });
    if (!url.pathname.startsWith('/ari/')) throw new Refusal(404, { message: 'Not Found' });
    if (this.#options.readOnly && request.method !== 'GET') throw new Refusal(403, { message: 'Write access denied' });
  }

  protected override takeRequest(request: IncomingMessage, response: ServerResponse, url: URL): void {
    const [, , collection, id, what, ...rest] = url.pathname.split('/').map(decodeURIComponent);
    if (collection !== 'channels' || rest.length > 0) throw this.#refusal(404, 'Resource not found');
    if (id === undefined) {
      if (request.method !== 'GET') throw this.#refusal(405, 'Invalid method');
      this.#list(response);
    } else {
      this.#takeChannel(`${request.method} ${what}`, id, url.searchParams, response);
    }
  }

  #list(response: ServerResponse): void {
    this.listings += 1;
    this.#listing += 1;
    this.mostListingsAtATime = Math.max(this.mostListingsAtATime, this.#listing);
    response.once('close', () => {
      this.#listing -= 1;
    });
    this.later(this.listingMs, () => {
      const body = this.faultOf('garbage-json') ? '{"channels": [' : JSON.stringify(this.channels.map(viewOf));
      response.setHeader('content-type', 'application/json');
      if (this.faultOf('flood')) this.#pour(response);
      else if (this.faultOf('drip')) this.#drip(response, body);
      else if (this.faultOf('close-in-reply')) response.write(body.slice(0, 5), () => response.destroy());
      else response.end(body);
    });
  }

  #takeChannel(resource: string, id: string, query: URLSearchParams, response: ServerResponse): void {
    const takes = resources[resource];
    if (!takes) throw this.#refusal(404, 'Resource not found');
    for (const name of takes.must) if (!query.has(name)) throw this.#refusal(400, `${name} is required`);
    for (const name of query.keys()) if (![...takes.must, ...takes.may].includes(name)) this.violated(`${resource} with ${name}`);
    const channel = this.channels.find((one) => one.id === id || one.name === id);
    if (!channel) throw new Refusal(404, { message: 'Channel not found' });
    const variable = query.get('variable') ?? '';
    if (resource === 'GET variable') {
      response.end(JSON.stringify({ value: this.#valueOf(channel, variable) }));
      return;
    }
    if (!channel.inStasis) throw new Refusal(409, { message: 'Channel not in Stasis application' });
    if (resource === 'POST variable') this.#set(channel, variable, query.get('value') ?? '');
    else if (resource === 'POST dtmf') this.#play(channel, query);
    else this.done.push(`continue ${channel.id} ${query.get('context')},${query.get('extension')},${query.get('priority') ?? query.get('label')}`);
    response.writeHead(204).end();
  }

  #valueOf(channel: EmulatedChannel, variable: string): string {
    const exists = /^DIALPLAN_EXISTS\((.*)\)$/.exec(variable)?.[1];
    if (exists !== undefined) {
      if (!this.#options.dialplan) throw new Refusal(500, { message: 'Unable to read provided function' });
      return String(Number(this.#options.dialplan.includes(exists)));
    }
    const value = channel.variables.get(variable);
    if (value === undefined) throw new Refusal(404, { message: 'Provided variable was not found' });
    return value;
  }

  #set(channel: EmulatedChannel, name: string, value: string): void {
    channel.variables.set(name, value);
    this.done.push(`variable ${channel.id} ${name}=${value}`);
  }

  #play(channel: EmulatedChannel, query: URLSearchParams): void {
    const digits = query.get('dtmf') ?? '';
    if (!/^[0-9A-D*#]+$/.test(digits)) this.violated(`dtmf of ${digits}`);
    this.done.push(`digit ${channel.id} ${digits}`);
  }

  /** A body without end. */
  #pour(response: ServerResponse): void {
    if (response.destroyed) return;
    if (!response.writableNeedDrain) response.write('x'.repeat(65_536));
    this.later(0, () => this.#pour(response));
  }

  #drip(response: ServerResponse, rest: string): void {
    if (response.destroyed) return;
    response.write(rest.slice(0, 1));
    this.later(100, () => this.#drip(response, rest.slice(1)));
  }

  /** Refused for a mistake of the client. */
  #refusal(status: number, message: string): Refusal {
    this.violated(message);
    return new Refusal(status, { message });
  }
}

function viewOf({ id, name, number, callerName, application, data, variables }: EmulatedChannel): object {
  return {
    id,
    name,
    state: 'Up',
    protocol_id: '',
    caller: { name: callerName ?? '', number: number ?? '' },
    connected: { name: '', number: '' },
    accountcode: '',
    dialplan: { context: 'phones', exten: '100', priority: 2, app_name: application, app_data: data },
    creationtime: '2026-11-29T11:30:45.154+0000',
    language: 'en',
    channelvars: Object.fromEntries(variables),
  };
}
