/**
 * FastAGI: Asterisk connects, says its environment line by line up to an empty one, and then answers one command after
 * the other. Source: Asterisk 22, res_agi.c, and its behaviour on the wire.
 */
export type AgiAnswer =
  | { readonly type: 'done'; readonly result: number; readonly value: string | undefined }
  /** Asterisk does not know the command, or not for this channel. */
  | { readonly type: 'refused'; readonly code: number }
  /** The caller has gone. */
  | { readonly type: 'hung-up' };

/** A line of the environment, such as "agi_callerid: 4179"; undefined for what is none. */
export function environmentEntry(line: string): [name: string, value: string] | undefined {
  const [, name, value] = /^(agi_\w{1,64}):(?: (.*))?$/.exec(line) ?? [];
  return name === undefined ? undefined : [name, value ?? ''];
}

/**
 * The answer that these lines are, "more" when it goes on, "garbage" when they are none. A value may have line ends;
 * the usage of a command that was wrong has many lines, too.
 */
export function answerOf(lines: readonly string[]): AgiAnswer | 'more' | 'garbage' {
  const [first = ''] = lines;
  if (first === 'HANGUP') return { type: 'hung-up' };
  if (first.startsWith('520-')) return lines.at(-1)?.startsWith('520 ') ? { type: 'refused', code: 520 } : 'more';
  const [, code, rest = ''] = /^(\d{3}) (.*)$/.exec(first) ?? [];
  if (code === undefined) return 'garbage';
  if (code !== '200') return { type: 'refused', code: Number(code) };
  const [, result, opened] = /^result=(-?\d{1,9})( \(.*)?$/.exec(rest) ?? [];
  if (result === undefined) return 'garbage';
  if (opened === undefined) return { type: 'done', result: Number(result), value: undefined };
  const value = [opened.slice(2), ...lines.slice(1)].join('\n');
  return value.endsWith(')') ? { type: 'done', result: Number(result), value: value.slice(0, -1) } : 'more';
}

export const getVariable = (name: string): string => `GET VARIABLE ${name}\n`;

/** @param value without a line end */
export const setVariable = (name: string, value: string): string => `SET VARIABLE ${name} "${value.replaceAll(/["\\]/g, '\\$&')}"\n`;
