import { TalkpathError } from '../base/errors.js';

export interface AddressSource {
  readonly option: string;
  readonly variable: string;
  readonly standard: string;
}

/**
 * The address that the option gives, else the variable of the environment, else the standard one: host:port, [v6]:port.
 * Throws TP_ERR_USAGE naming where it comes from; what a variable holds is not shown.
 */
export function addressFrom(given: string | undefined, { option, variable, standard }: AddressSource): { text: string; host: string; port: number } {
  const text = given ?? (process.env[variable] || standard);
  const [, host, port] = /^\[?([^\]]+?)\]?:(\d{1,5})$/.exec(text) ?? [];
  if (host && Number(port) <= 65_535) return { text, host, port: Number(port) };
  const found = given === undefined ? `${variable} but received something else` : `${option} but received ${JSON.stringify(text)}`;
  throw new TalkpathError('TP_ERR_USAGE', `Expected host:port, such as ${standard}, for ${found}`);
}
