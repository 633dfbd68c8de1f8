import { WebSocket } from 'ws';
import type { Clock } from '../../base/clock.js';
import { asProviderError, errorOfStatus, ProviderError } from './provider-error.js';
import { ServiceAllowance } from './service-allowance.js';

export interface SocketOptions {
  /** The service as an operator knows it, for messages: "openai". */
  readonly who: string;
  /** ws: or wss:. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly subprotocols?: readonly string[];
  readonly clock: Clock;
  /** Until the handshake is done. */
  readonly connectMs: number;
  /** Aborted when the call ends; before the handshake is done, openSocket() rejects then. */
  readonly signal: AbortSignal;
  readonly onText: (text: string) => void;
  readonly onBinary?: (bytes: Uint8Array) => void;
  /** The socket is gone without close(); called once, and nothing is called after it. */
  readonly onLost: (error: ProviderError) => void;
}

/** A socket to a service. Everything it throws or tells is a ProviderError. */
export interface ServiceSocket {
  sendJson(message: object): void;
  sendBytes(bytes: Uint8Array): void;
  /** Says goodbye in the protocol's way, and takes nothing more. */
  close(): void;
}

/** The base of a service's addresses, for a socket: of http://host/ it is ws://host. */
export const socketBase = (url: string): string => url.replace(/^http/, 'ws').replace(/\/+$/, '');

/** Half a minute of 24 kHz in one message of Base64. To read a larger one would hold up the other calls. */
const largestMessageBytes = 2 << 20;
/** Audio that a service does not take is lost sooner or later: this is 20 s of 24 kHz. */
const mostBufferedBytes = 1 << 20;
/** A peer that does not answer the goodbye. */
const closeMs = 1000;

/**
 * Opens a socket: no compression (it costs more time than it saves on audio), no silent reconnects (a session has
 * state). Rejects with a ProviderError: what the service answered, or that it did not.
 */
export function openSocket(options: SocketOptions): Promise<ServiceSocket> {
  const { who, clock, signal } = options;
  return new Promise((resolve, reject) => {
    let state: 'opening' | 'open' | 'over' = 'opening';
    const socket = new WebSocket(options.url, [...(options.subprotocols ?? [])], {
      headers: { ...options.headers },
      perMessageDeflate: false,
      maxPayload: largestMessageBytes,
      followRedirects: false,
      skipUTF8Validation: false,
    });
    const finish = (error: ProviderError): void => {
      if (state === 'over') return;
      const wasOpening = state === 'opening';
      state = 'over';
      stopWaiting();
      signal.removeEventListener('abort', aborted);
      socket.terminate();
      if (wasOpening) reject(error);
      else options.onLost(error);
    };
    const aborted = (): void => finish(new ProviderError('TP_ERR_PROVIDER_CONNECT', `The call ended before ${who} stood`));
    const stopWaiting = clock.after(options.connectMs, () => {
      finish(new ProviderError('TP_ERR_PROVIDER_TIMEOUT', `${who} did not accept a connection within ${options.connectMs} ms`));
    });
    // The socket emits errors after it is over, too.
    socket.on('error', (error) => finish(lossOf(who, error)));
    socket.on('unexpected-response', (_request, response) => {
      response.resume();
      finish(errorOfStatus(who, response.statusCode ?? 0, response.headers['retry-after']));
    });
    socket.on('close', (code) => finish(new ProviderError('TP_ERR_PROVIDER_LOST', `${who} closed the connection with code ${code}`)));
    if (signal.aborted) return aborted();
    signal.addEventListener('abort', aborted);
    const allowance = new ServiceAllowance(who);
    const isTooMuch = (data: Buffer): boolean => {
      const tooMuch = allowance.take(data.byteLength, clock.nowMs());
      if (tooMuch) finish(tooMuch);
      return tooMuch !== undefined;
    };
    socket.on('pong', isTooMuch);
    socket.on('message', (data: Buffer, isBinary) => {
      if (state !== 'open' || isTooMuch(data)) return;
      try {
        if (!isBinary) options.onText(data.toString());
        else if (options.onBinary) options.onBinary(data);
        else finish(new ProviderError('TP_ERR_PROVIDER_PROTOCOL', `${who} sent a binary message, which its protocol does not know`));
      } catch (error) {
        // Whatever a service has found to send: its session is lost, and no other.
        finish(new ProviderError('TP_ERR_PROVIDER_PROTOCOL', `${who} sent what cannot be read: ${(error as Error).name}`, { cause: error }));
      }
    });
    socket.on('open', () => {
      if (state !== 'opening') return;
      state = 'open';
      stopWaiting();
      signal.removeEventListener('abort', aborted);
      resolve({
        sendJson: (message) => send(JSON.stringify(message)),
        sendBytes: (bytes) => send(bytes),
        close() {
          if (state === 'over') return;
          state = 'over';
          socket.close(1000);
          const giveUp = clock.after(closeMs, () => socket.terminate());
          socket.once('close', giveUp);
        },
      });
    });

    function send(data: string | Uint8Array): void {
      if (state !== 'open') return;
      socket.send(data);
      if (socket.bufferedAmount <= mostBufferedBytes) return;
      finish(new ProviderError('TP_ERR_PROVIDER_LOST', `${who} takes nothing any more: ${socket.bufferedAmount} bytes wait for it`));
    }
  });
}

function lossOf(who: string, error: Error): ProviderError {
  const { code } = error as { code?: string };
  // Of ws: what breaks the WebSocket protocol itself.
  if (code?.startsWith('WS_ERR_'))
    return new ProviderError('TP_ERR_PROVIDER_PROTOCOL', `${who} broke the WebSocket protocol: ${code}`, { cause: error });
  return asProviderError(who, error) as ProviderError;
}
