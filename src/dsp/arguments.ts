import { types } from 'node:util';
import { TalkpathError, TalkpathRangeError, TalkpathTypeError } from '../base/errors.js';
import { nearestName } from '../base/nearest-name.js';
import { bufferOf, lengthOf, typedArray } from '../base/sample-memory.js';
import { addon } from '../native/addon.js';

/** What was received, in the words of an error message. */
function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (typeof value === 'object') return shownObject(value);
  if (typeof value === 'function') return 'a function';
  return `${typeof value === 'string' ? JSON.stringify(value.slice(0, 40)) : String(value)} of type ${typeof value}`;
}

/** Nothing of it is sure to be what it seems: a name may be none, and any look may throw. */
function shownObject(value: object): string {
  try {
    const { name } = value.constructor;
    if (typeof name !== 'string' || name === '')
      return ArrayBuffer.isView(value) && !types.isDataView(value) ? `an array of ${lengthOf(value as Uint8Array)}` : 'an object';
    if (Array.isArray(value)) return `${name} of ${value.length}`;
    return ArrayBuffer.isView(value) && !types.isDataView(value) ? `${name} of ${lengthOf(value as Uint8Array)}` : `an object of type ${name}`;
  } catch {
    return 'an object';
  }
}

/** A proxy that was revoked is nothing at all, and throws when it is looked at. */
function isMapping(options: object): boolean {
  try {
    return !Array.isArray(options);
  } catch {
    return false;
  }
}

/** Throws unless `options` is an object with no other keys than `known`. `owner` names the class or function. */
export function checkOptions(owner: string, options: unknown, known: readonly string[]): asserts options is Readonly<Record<string, unknown>> {
  if (typeof options !== 'object' || options === null || !isMapping(options)) {
    throw new TalkpathTypeError(
      'TP_ERR_DSP_TYPE',
      `Expected an object with ${known.join(', ')} for the options of ${owner} but received ${shown(options)}`,
    );
  }
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    const meant = nearestName(name, known);
    throw new TalkpathTypeError(
      'TP_ERR_DSP_TYPE',
      `Expected one of ${known.join(', ')} for an option of ${owner} but received ${JSON.stringify(name.slice(0, 40))}${meant ? `. Did you mean ${meant}?` : ''}`,
    );
  }
}

/** An integer from `least` to `most`, or `fallback` when nothing was given. */
export function integerFrom(name: string, value: unknown, least: number, most: number, fallback?: number): number {
  if (value === undefined && fallback !== undefined) return fallback;
  const message = `Expected integer between ${least} and ${most} for ${name} but received ${shown(value)}`;
  if (typeof value !== 'number') throw new TalkpathTypeError('TP_ERR_DSP_TYPE', message);
  if (!Number.isInteger(value) || value < least || value > most) throw new TalkpathRangeError('TP_ERR_DSP_RANGE', message);
  return value;
}

/** One of `choices`, or `fallback` when nothing was given. All choices are of one type. */
export function oneOf<T extends string | number>(name: string, value: unknown, choices: readonly T[], fallback?: T): T {
  if (value === undefined && fallback !== undefined) return fallback;
  const message = `Expected one of ${choices.join(', ')} for ${name} but received ${shown(value)}`;
  if (typeof value !== typeof choices[0]) throw new TalkpathTypeError('TP_ERR_DSP_TYPE', message);
  if (!choices.includes(value as T)) throw new TalkpathRangeError('TP_ERR_DSP_RANGE', message);
  return value as T;
}

/** Throws unless `value` is an Int16Array whose memory is still there; of `count` samples, if that is given. */
export function checkSamples(name: string, value: unknown, count?: number): asserts value is Int16Array {
  if (!types.isInt16Array(value)) {
    const hint = types.isUint8Array(value) ? ': samplesOf() makes samples of bytes' : '';
    throw new TalkpathTypeError('TP_ERR_DSP_TYPE', `Expected an Int16Array for ${name} but received ${shown(value)}${hint}`);
  }
  checkAttached(name, value);
  if (count !== undefined && lengthOf(value) !== count) {
    throw new TalkpathRangeError('TP_ERR_DSP_RANGE', `Expected ${count} samples, 10 ms, for ${name} but received ${lengthOf(value)}`);
  }
}

/** The same for a Uint8Array, a Buffer included. */
export function checkBytes(name: string, value: unknown): asserts value is Uint8Array {
  if (!types.isUint8Array(value)) throw new TalkpathTypeError('TP_ERR_DSP_TYPE', `Expected a Uint8Array for ${name} but received ${shown(value)}`);
  checkAttached(name, value);
}

/** A buffer that went to another thread, or was made smaller, leaves an array without length behind. */
function checkAttached(name: string, array: Int16Array | Uint8Array): void {
  if (lengthOf(array) > 0) return;
  const gone = (how: string): Error =>
    new TalkpathTypeError('TP_ERR_DSP_TYPE', `Expected an array with its memory for ${name} but received one ${how}`);
  try {
    new Uint8Array(bufferOf(array));
  } catch {
    throw gone('that was transferred away');
  }
  try {
    typedArray.keys.call(array);
  } catch {
    throw gone('whose memory was made smaller beneath it');
  }
}

/** Throws unless `output` has room for `count`; what it has beyond that is left alone. */
export function checkRoom(name: string, output: Int16Array | Uint8Array, count: number): void {
  if (lengthOf(output) < count) throw tooShort(name, output, count);
}

export function tooShort(name: string, output: Int16Array | Uint8Array, count: number): TalkpathRangeError {
  return new TalkpathRangeError('TP_ERR_DSP_RANGE', `Expected room for ${count} in ${name} but received ${shown(output)}`);
}

/** Throws when the two share memory, so that writing one would spoil the other. */
export function checkApart(name: string, output: Int16Array | Uint8Array, input: Int16Array | Uint8Array): void {
  const [outputBuffer, inputBuffer] = [bufferOf(output), bufferOf(input)];
  // Shared memory may have several buffers.
  if (outputBuffer !== inputBuffer && !(types.isSharedArrayBuffer(outputBuffer) && types.isSharedArrayBuffer(inputBuffer))) return;
  if (addon.sharesMemory(output, input))
    throw new TalkpathRangeError('TP_ERR_DSP_RANGE', `Expected memory of its own for ${name} but received that of the input`);
}

export function closedError(owner: string): TalkpathError {
  return new TalkpathError('TP_ERR_DSP_CLOSED', `${owner} was used after close()`);
}
