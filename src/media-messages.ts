import type { SessionOptions, SessionSnapshot } from './native/addon.js';
import type { AudioSocketSettings } from './transports/audiosocket/server.js';
import type { Address, LineCounters, LineEndReason, LineNotice, RefusalReason } from './transports/transport.js';

/** What the media thread is started with. The engine already runs. */
export interface MediaThreadData {
  readonly audiosocket: AudioSocketSettings;
  /** For calls that are not registered; undefined turns them away. */
  readonly defaultSession: SessionOptions | undefined;
}

/** Orders of the control thread. Audio never travels here. */
export type MediaOrder =
  | { readonly type: 'register'; readonly callId: string; readonly session: SessionOptions; readonly lifeMs: number }
  | { readonly type: 'hang-up'; readonly callId: string }
  | { readonly type: 'close'; readonly graceMs: number };

/** Facts of the media thread. */
export type MediaFact =
  | { readonly type: 'listening'; readonly audiosocket: Address }
  | { readonly type: 'failed'; readonly code: string; readonly message: string }
  | {
      readonly type: 'arrived';
      readonly callId: string;
      readonly sessionId: number;
    }
  /** Answers register: from now on the call is expected. */
  | { readonly type: 'registered'; readonly callId: string }
  | { readonly type: 'digit'; readonly callId: string; readonly digit: string }
  | { readonly type: 'notice'; readonly callId: string; readonly notice: LineNotice }
  | {
      readonly type: 'ended';
      readonly callId: string;
      readonly reason: LineEndReason;
      readonly line: LineCounters;
      readonly audio: SessionSnapshot | undefined;
    }
  | { readonly type: 'refused'; readonly reason: RefusalReason };
