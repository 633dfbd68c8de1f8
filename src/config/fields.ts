import { isIP } from 'node:net';
import { z } from 'zod';
import { hasWords } from '../base/text.js';

/**
 * Building blocks of the settings' schema. Each failure carries only what was expected ("integer between 1 and 64");
 * the reader of the file adds the setting's name and the value found.
 */
const expected = (what: string) => ({ error: () => what });

export const integer = (min: number, max: number) => {
  const what = expected(`integer between ${min} and ${max}`);
  return z.int(what).min(min, what).max(max, what);
};

export const number = (min: number, max: number) => {
  const what = expected(`number between ${min} and ${max}`);
  return z.number(what).min(min, what).max(max, what);
};

/** An integer that may be off. */
export const offOrInteger = (min: number, max: number) =>
  z.custom<'off' | number>(
    (value) => value === 'off' || (Number.isInteger(value) && (value as number) >= min && (value as number) <= max),
    expected(`off or integer between ${min} and ${max}`),
  );

export const flag = () => z.boolean(expected('true or false'));

export const text = (maxLength = 10_000) => {
  const what = expected(`text of 1 to ${maxLength} characters`);
  return z.string(what).min(1, what).max(maxLength, what);
};

/** Text that goes into a header, which holds nothing else, and no space at its ends. */
export const headerText = (maxLength = 4096) => {
  const what = expected(`text of 1 to ${maxLength} printable ASCII characters`);
  return z
    .string(what)
    .max(maxLength, what)
    .regex(/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/, what);
};

/** Text that a voice can say. */
export const spoken = (maxLength: number) => {
  const what = expected(`text of 1 to ${maxLength} characters with a word in it`);
  return z.string(what).refine((value) => value.length <= maxLength && hasWords(value), what);
};

/** The same, or nothing at all. */
export const spokenOrNothing = () =>
  anyText().refine((value) => value === '' || hasWords(value), expected('text with a word in it, or an empty one'));

/** Text that may be empty. */
export const anyText = (maxLength = 10_000) => {
  const what = expected(`text of at most ${maxLength} characters`);
  return z.string(what).max(maxLength, what);
};

export const oneOf = <const T extends readonly [string, ...string[]]>(values: T) => z.enum(values, expected(`one of ${values.join(', ')}`));

export const oneOfNumbers = <const T extends readonly [number, ...number[]]>(values: T) => z.literal(values, expected(`one of ${values.join(', ')}`));

export const exactly = <const T extends string | number>(value: T) => z.literal(value, expected(String(value)));

export const name = () => {
  const what = expected('name of 1 to 64 letters, digits, - or _');
  return z.string(what).regex(/^[\w-]{1,64}$/, what);
};

export const listOf = <T extends z.ZodType>(item: T) => z.array(item, expected('list'));

export const mapOf = <T extends z.ZodType>(value: T) => z.record(name(), value, expected('mapping'));

/** A mapping with these keys and no others. */
export const section = <T extends z.ZodRawShape>(shape: T) => z.strictObject(shape, expected('mapping'));

/** A language as BCP 47 writes it: "en", "de-CH". */
export const language = () => {
  const what = expected('language such as en or de-CH');
  return z.string(what).regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/, what);
};

/** An address with one of these schemes, and without user, password, query or fragment: keys have settings of their own. */
export const url = (...schemes: readonly string[]) => {
  const what = expected(`URL that begins with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}, without user, query and fragment`);
  return z.string(what).refine((value) => {
    if (!URL.canParse(value) || value.length > 2000) return false;
    const { protocol, username, password, search, hash, hostname } = new URL(value);
    return schemes.includes(protocol.slice(0, -1)) && hostname !== '' && username + password + search + hash === '';
  }, what);
};

export const host = () => {
  const what = expected('host name or IP address');
  return z.string(what).regex(/^[A-Za-z0-9._:%-]{1,255}$/, what);
};
export const port = () => integer(0, 65_535);

/** A network in CIDR notation, or one address. */
export const network = () => {
  const what = expected('IP address or network such as 10.0.0.0/8');
  return z.string(what).refine((value) => {
    const [address = '', prefix, ...rest] = value.split('/');
    const family = isIP(address);
    if (family === 0 || rest.length > 0) return false;
    return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128));
  }, what);
};
