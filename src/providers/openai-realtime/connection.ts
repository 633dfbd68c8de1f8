import type { RealtimeSessionCreateRequest } from 'openai/resources/realtime/realtime';
import type { Clock } from '../../base/clock.js';
import type { SettingsOf } from '../../config/providers.js';
import { asProviderError, ProviderError } from '../network/provider-error.js';
import { openSocket, type ServiceSocket } from '../network/web-socket.js';
import { EventIds, type Send } from './client-event.js';
import { errorOf } from './fault.js';
import { eventOf, type ServiceEvent, who } from './protocol.js';

type Settings = SettingsOf<'openai-realtime'>;

export interface ConnectionOptions {
  readonly settings: Settings;
  readonly request: RealtimeSessionCreateRequest;
  readonly clock: Clock;
  /** Aborted when the call ends; once the session stands this changes nothing here. */
  readonly signal: AbortSignal;
}

/** A session of the service that stands. */
export interface Connection {
  readonly send: Send;
  readonly ids: EventIds;
  readonly close: () => void;
}

/** Who hears what the service says. */
export interface ConnectionUser {
  take(event: ServiceEvent): void;
  /** The connection is gone without close(); called once, and nothing is called after it. */
  lost(error: ProviderError): void;
}

/** Where the service is, for a path below its base address. */
export function addressOf({ url }: Pick<Settings, 'url'>, path: string): URL {
  const address = new URL(url);
  address.pathname = `${address.pathname.replace(/\/+$/, '')}/${path}`;
  return address;
}

/**
 * Opens a session and sets it up as `request` says, all of it within limits.connect_ms. `start` is called at the moment
 * in which the service has agreed, so that its user misses nothing. Rejects with a ProviderError.
 */
export function openSession<User extends ConnectionUser>(options: ConnectionOptions, start: (connection: Connection) => User): Promise<User> {
  return new Promise((resolve, reject) => new Opening(options, start, resolve, reject).begin());
}

/** From the first byte to the end of a session: who hears of a message or of a loss depends on how far it has come. */
class Opening<User extends ConnectionUser> {
  readonly #options: ConnectionOptions;
  readonly #start: (connection: Connection) => User;
  readonly #resolve: (user: User) => void;
  readonly #reject: (error: ProviderError) => void;
  readonly #ids = new EventIds();
  #stopWaiting: () => void = () => {};
  #socket: ServiceSocket | undefined;
  #wasCreated = false;
  #wasSetUp = false;
  #isOver = false;
  #user: User | undefined;

  constructor(
    options: ConnectionOptions,
    start: (connection: Connection) => User,
    resolve: (user: User) => void,
    reject: (error: ProviderError) => void,
  ) {
    this.#options = options;
    this.#start = start;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  begin(): void {
    const { settings, clock, signal } = this.#options;
    const startedMs = clock.nowMs();
    const address = addressOf(settings, 'realtime');
    address.protocol = address.protocol === 'http:' ? 'ws:' : 'wss:';
    address.searchParams.set('model', settings.model);
    openSocket({
      who,
      url: address.href,
      headers: { Authorization: `Bearer ${settings.api_key}` },
      clock,
      connectMs: settings.limits.connect_ms,
      signal,
      onText: (text) => this.#read(text),
      onLost: (error) => this.#fail(error),
    }).then(
      (socket) => this.#opened(socket, clock.nowMs() - startedMs),
      (error: ProviderError) => this.#fail(error),
    );
  }

  #opened(socket: ServiceSocket, tookMs: number): void {
    const { settings, clock, signal } = this.#options;
    this.#socket = socket;
    if (this.#isOver) socket.close();
    else if (signal.aborted) this.#aborted();
    else {
      const connectMs = settings.limits.connect_ms;
      this.#stopWaiting = clock.after(Math.max(0, connectMs - tookMs), () => {
        this.#fail(new ProviderError('TP_ERR_PROVIDER_TIMEOUT', `${who} did not set up a session within ${connectMs} ms`));
      });
      signal.addEventListener('abort', this.#aborted);
      this.#setUp();
    }
  }

  #read(text: string): void {
    if (this.#isOver) return;
    let event: ServiceEvent | undefined;
    try {
      event = eventOf(text);
    } catch (error) {
      this.#fail(asProviderError(who, error, 'TP_ERR_PROVIDER_PROTOCOL') as ProviderError);
    }
    if (!event) return;
    if (this.#user) this.#user.take(event);
    else if (event.type === 'error') this.#fail(errorOf(event.error, 'refused the session'));
    else if (event.type === 'session-created') {
      this.#wasCreated = true;
      this.#setUp();
    } else if (event.type === 'session-updated' && this.#wasSetUp) this.#stand(event);
  }

  /** The service passes over what it is told before it has said that there is a session. */
  #setUp(): void {
    if (!this.#socket || !this.#wasCreated || this.#wasSetUp) return;
    this.#wasSetUp = true;
    this.#socket.sendJson({ type: 'session.update', event_id: this.#ids.next('session'), session: this.#options.request });
  }

  #stand(agreed: Extract<ServiceEvent, { readonly type: 'session-updated' }>): void {
    const { audio } = this.#options.request;
    const differs = (['input', 'output'] as const).find((side) => agreed[side] !== undefined && agreed[side] !== audio?.[side]?.format?.type);
    if (differs) {
      this.#fail(new ProviderError('TP_ERR_PROVIDER_PROTOCOL', `${who} does not use the ${differs} format that was asked for`));
      return;
    }
    this.#stopWaiting();
    this.#options.signal.removeEventListener('abort', this.#aborted);
    this.#user = this.#start({ send: (message) => this.#socket?.sendJson(message), ids: this.#ids, close: () => this.#close() });
    this.#resolve(this.#user);
  }

  readonly #aborted = (): void => this.#fail(new ProviderError('TP_ERR_PROVIDER_CONNECT', `The call ended before ${who} stood`));

  #fail(error: ProviderError): void {
    if (this.#isOver) return;
    this.#close();
    if (this.#user) this.#user.lost(error);
    else this.#reject(error);
  }

  #close(): void {
    this.#isOver = true;
    this.#stopWaiting();
    this.#options.signal.removeEventListener('abort', this.#aborted);
    this.#socket?.close();
  }
}
