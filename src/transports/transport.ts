/** The phone side of talkpath. A transport runs on the media thread: it moves bytes and decides nothing. */
export interface Transport {
  /** Rejects with TP_ERR_LISTEN when the address cannot be had. */
  listen(): Promise<Address>;
  /** Writes every frame that is due, of all calls. Called after each tick. */
  writeDueFrames(): void;
  /** Ends the call, if there is one of that id, after the frames already due. */
  hangUp(callId: string): void;
  /** Refuses new calls; resolves when the calls at hand have ended, or are ended after `graceMs`. */
  close(graceMs: number): Promise<void>;
}

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** What a transport needs of a call's native session. */
export interface LineSession {
  /** Rate of the frames that drain() gives. */
  readonly rateHz: number;
  /** Returns the bytes taken. */
  push(bytes: Uint8Array, offset: number, byteCount: number, rateHz: number): number;
  drain(bytes: Uint8Array, offset: number): number;
}

/** Why a caller was turned away. */
export type RefusalReason =
  | 'not-allowed'
  | 'not-accepted'
  | 'too-many-connections'
  | 'too-many-calls'
  | 'no-uuid'
  | 'bad-uuid'
  | 'audio-before-uuid'
  | 'not-registered'
  | 'already-live'
  | 'shutting-down'
  | 'engine-full'
  | 'session-failed';

/** How a call's line ended. */
export type LineEndReason = 'caller-hung-up' | 'hung-up' | 'connection-reset' | 'protocol-error' | 'line-blocked' | 'line-flooded' | 'shut-down';

/** Something about the line that an operator should know. */
export type LineNotice = 'encoded-audio' | 'unknown-kind' | 'bad-dtmf' | 'dtmf-flood' | 'error-frame';

/** Who the transport tells. */
export interface LineHost {
  /** A caller has said who it is. Returns the session for it, or why it is refused. */
  lineArrived(callId: string, remoteAddress: string): LineSession | RefusalReason;
  lineDigit(callId: string, digit: string): void;
  lineNotice(callId: string, notice: LineNotice): void;
  lineEnded(callId: string, reason: LineEndReason, counters: LineCounters): void;
  lineRefused(reason: RefusalReason, remoteAddress: string): void;
}

/** What the socket saw, for the call's record. */
export interface LineCounters {
  readonly framesIn: number;
  readonly framesOut: number;
  /** Frames dropped because the peer did not read. */
  readonly framesDropped: number;
  readonly lastRateHz: number;
}
