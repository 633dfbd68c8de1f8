import { AsteriskError } from './asterisk-error.js';
import type { Destination } from './way.js';

/** What may be asked to be done to a call. Each function throws TP_ERR_ASTERISK_VALUE, with what was expected and not what was given. */

const longestDigits = 64;
/** Asterisk's own bounds: AST_MAX_CONTEXT and AST_MAX_EXTENSION, the closing zero left out. */
const name = /^[\w.-]{1,79}$/;
const extension = /^[\w*#+.-]{1,79}$/;
const variable = /^[A-Za-z_]\w{0,79}$/;

export function checkDestination(destination: Destination): Destination {
  const { priority } = destination;
  expect(name.test(destination.context), 'a context of 1 to 79 letters, digits, _, . or -');
  expect(extension.test(destination.extension), 'an extension of 1 to 79 letters, digits, *, #, +, _, . or -');
  if (typeof priority === 'number') expect(Number.isInteger(priority) && priority >= 1 && priority <= 1_000_000, 'a priority from 1 on, or a label');
  else expect(name.test(priority) && !/^\d/.test(priority), 'a priority from 1 on, or a label');
  return destination;
}

/** The digits one by one, in upper case. */
export function checkDigits(digits: string): string[] {
  expect(
    /^[\dA-Da-d*#wW]+$/.test(digits) && digits.length <= longestDigits,
    `1 to ${longestDigits} digits of 0 to 9, A to D, *, # and w for a pause`,
  );
  return [...digits.toUpperCase()];
}

export function checkVariable(name: string, value: string): void {
  expect(variable.test(name), 'a variable of 1 to 80 letters, digits or _, the first no digit');
  expect(!/\p{Cc}/u.test(value), 'a value without line ends and control characters');
  expect(Buffer.byteLength(value) <= longestValueBytes, `a value of at most ${longestValueBytes} bytes`);
}

/** A line of the manager has 1022 bytes. */
const longestValueBytes = 1000;

function expect(isRight: boolean, what: string): void {
  if (!isRight) throw new AsteriskError('TP_ERR_ASTERISK_VALUE', `Expected ${what}`);
}
