import type { Clock } from '../../base/clock.js';
import { asProviderError, ProviderError } from '../network/provider-error.js';
import { openSocket, type ServiceSocket, socketBase } from '../network/web-socket.js';
import { errorOfCode, eventOf, type ServiceEvent, who } from './protocol.js';

/** What a conversation that stands tells. After lost() it tells nothing. */
export interface ConversationListener {
  event(event: ServiceEvent): void;
  audio(audio: Uint8Array): void;
  lost(error: ProviderError): void;
}

export interface ConversationOptions {
  /** Of the service: http: or https:. */
  readonly url: string;
  readonly apiKey: string;
  /** The message that sets the conversation up. */
  readonly settings: object;
  /** Until the service has taken the settings. */
  readonly connectMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * Opens a conversation: Welcome, then our settings, then SettingsApplied; `stand` is called with that, before anything
 * else of the conversation is told. Rejects with a ProviderError, no socket left.
 */
export function openConversation<T extends ConversationListener>(options: ConversationOptions, stand: (socket: ServiceSocket) => T): Promise<T> {
  const { clock, connectMs, signal } = options;
  return new Promise((resolve, reject) => {
    let socket: ServiceSocket | undefined;
    let listener: T | undefined;
    let isWelcome = false;
    let isOver = false;
    const stopWaiting = (): void => {
      stopTimer();
      signal.removeEventListener('abort', aborted);
    };
    const finish = (error: ProviderError): void => {
      if (isOver) return;
      isOver = true;
      stopWaiting();
      socket?.close();
      if (listener) listener.lost(error);
      else reject(error);
    };
    const aborted = (): void => finish(new ProviderError('TP_ERR_PROVIDER_CONNECT', `The call ended before ${who} stood`));
    const stopTimer = clock.after(connectMs, () =>
      finish(new ProviderError('TP_ERR_PROVIDER_TIMEOUT', `${who} did not begin a conversation within ${connectMs} ms`)),
    );
    if (signal.aborted) return aborted();
    signal.addEventListener('abort', aborted);
    const introduce = (): void => {
      if (isWelcome && socket && !isOver) socket.sendJson(options.settings);
    };
    const read = (text: string): ServiceEvent | undefined => {
      try {
        return eventOf(text);
      } catch (error) {
        finish(asProviderError(who, error, 'TP_ERR_PROVIDER_PROTOCOL') as ProviderError);
        return undefined;
      }
    };
    const take = (event: ServiceEvent): void => {
      if (event.type === 'error') finish(errorOfCode(event.code, listener ? 'TP_ERR_PROVIDER_LOST' : 'TP_ERR_PROVIDER_CONNECT'));
      else if (listener) listener.event(event);
      else if (event.type === 'welcome' && !isWelcome) {
        isWelcome = true;
        introduce();
      } else if (event.type === 'settings-applied' && isWelcome && socket) {
        stopWaiting();
        listener = stand(socket);
        resolve(listener);
      }
    };
    openSocket({
      who,
      url: `${socketBase(options.url)}/v1/agent/converse`,
      headers: { Authorization: `Token ${options.apiKey}` },
      clock,
      connectMs,
      signal,
      onText: (text) => {
        const event = isOver ? undefined : read(text);
        if (event) take(event);
      },
      onBinary: (audio) => {
        if (!isOver && audio.byteLength > 0) listener?.audio(audio);
      },
      onLost: finish,
    }).then((opened) => {
      socket = opened;
      if (isOver) opened.close();
      else introduce();
    }, finish);
  });
}
