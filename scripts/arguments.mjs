// What the commands of this folder refuse, before they do anything: the value, what was expected, and exit code 2.
import { parseArgs } from 'node:util';

/** @param {string} message @returns {never} */
export function refuse(message) {
  console.error(message);
  process.exit(2);
}

/**
 * parseArgs() by `config`; `usage` is what is expected, in one line.
 * @template {import('node:util').ParseArgsConfig} T
 * @param {string} usage @param {T} config @returns {ReturnType<typeof parseArgs<T>>}
 */
export function argumentsBy(usage, config) {
  try {
    return parseArgs(config);
  } catch {
    return refuse(`Expected ${usage} but received ${process.argv.slice(2).join(' ')}`);
  }
}

/** @param {string} name @param {string} text @param {number} least @param {number} most */
export function wholeNumber(name, text, least, most) {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= least && number <= most) return number;
  return refuse(`Expected integer between ${least} and ${most} for ${name} but received ${JSON.stringify(text)}`);
}

/** `asked`, all of which are `known`. @param {string} what @param {string[]} asked @param {string[]} known */
export function namesOf(what, asked, known) {
  for (const name of asked) if (!known.includes(name)) refuse(`Expected ${what} of ${known.join(', ')} but received ${JSON.stringify(name)}`);
  return asked;
}
