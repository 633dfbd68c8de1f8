import type { Registration } from '../call/announcements.js';

/** The caller's channel of a call, and what it says of the call. */
export interface FoundCall {
  readonly channelId: string;
  readonly registration: Registration;
}

/** Where a call goes on in the dialplan. */
export interface Destination {
  readonly context: string;
  readonly extension: string;
  /** A number from 1 on, or a label. */
  readonly priority: number | string;
}

/** One of the interfaces by which Asterisk can be asked about its channels and told what to do. All reject with an AsteriskError. */
export interface AsteriskWay {
  /** The channel of a call; undefined when none belongs to it. */
  find(callId: string): Promise<FoundCall | undefined>;
  redirect(channelId: string, destination: Destination): Promise<void>;
  /** Plays one digit to the caller. Resolves with how much longer that takes, in milliseconds. */
  playDigit(channelId: string, digit: string): Promise<number>;
  setVariable(channelId: string, name: string, value: string): Promise<void>;
}

/** How long a digit is played: as a person presses it, and longer than any far end asks for. */
export const digitMs = 160;
