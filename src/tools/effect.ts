import { createHash } from 'node:crypto';
import type { ToolArguments } from './tool.js';

/** Something done in the world, known by what it is: not by who asked for it, when, or how often. */
export interface Effect {
  readonly tool: string;
  readonly callId: string;
  /** What may happen once: a hash of the call and the tool, and of the arguments where these tell one effect from another. */
  readonly id: string;
  /** What its receiver knows it by: a hash of the call, the tool and the arguments. */
  readonly key: string;
}

export function effectOf(callId: string, tool: string, args: ToolArguments, oncePer: 'call' | 'arguments'): Effect {
  const key = hashOf(['effect', callId, tool, args]);
  return { tool, callId, key, id: oncePer === 'call' ? hashOf(['once per call', callId, tool]) : key };
}

/** SHA-256 in hexadecimal. */
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const hashOf = (value: unknown): string => sha256(canonicalJson(value));

/**
 * One text for all ways to write the same JSON: names in order, no spaces, and letters composed, as a model may write
 * é in two ways. After: RFC 8785, which leaves the letters alone.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.normalize('NFC'));
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  members.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${canonicalJson(name)}:${canonicalJson(member)}`).join(',')}}`;
}
