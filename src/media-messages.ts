import type { SessionOptions, SessionSnapshot } from './native/addon.js';
import type { AudioSocketSettings } from './transports/audiosocket/server.js';
import type { Address, LineCounters, LineEndReason, LineNotice, RefusalReason } from './transports/transport.js';

/** What the media thread is started with. The engine already runs. */
export interface MediaThreadData {
  readonly audiosocket: AudioSocketSettings;
  /** For calls that were not announced; undefined turns them away. */
  readonly defaultSession: SessionOptions | undefined;
}

/** Orders of the control thread. Audio never travels here. */
export type MediaOrder =
  /** A call that will come: what it is to be set up with, once, for so long. Answered by announced. */
  | {
      readonly type: 'announce';
      readonly announcement: number;
      readonly callId: string;
      readonly session: SessionOptions;
      readonly lifeMs: number;
    }
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
      /** The announcement that it has used up. */
      readonly announcement: number | undefined;
    }
  /** Answers announce; it is not accepted when a call of that id is there, or none is taken any more. */
  | { readonly type: 'announced'; readonly announcement: number; readonly accepted: boolean }
  /** No call came for it in time, or a later one of the same call has replaced it. */
  | { readonly type: 'expired'; readonly announcement: number }
  | { readonly type: 'digit'; readonly callId: string; readonly digit: string }
  | { readonly type: 'notice'; readonly callId: string; readonly notice: LineNotice }
  | {
      readonly type: 'ended';
      readonly callId: string;
      readonly reason: LineEndReason;
      readonly line: LineCounters;
      readonly audio: SessionSnapshot | undefined;
    }
  /** A call could not be set up; it is refused too. */
  | { readonly type: 'fault'; readonly callId: string; readonly message: string }
  | { readonly type: 'refused'; readonly reason: RefusalReason };
