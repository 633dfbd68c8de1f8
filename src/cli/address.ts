import { TalkpathError } from '../base/errors.js';

/** host:port, [v6]:port. Throws TP_ERR_USAGE naming `what`. */
export function parseAddress(text: string, what: string): { host: string; port: number } {
  const [, host, port] = /^\[?([^\]]+?)\]?:(\d{1,5})$/.exec(text) ?? [];
  if (!host || Number(port) > 65_535) throw new TalkpathError('TP_ERR_USAGE', `Expected host:port for ${what} but received ${JSON.stringify(text)}`);
  return { host, port: Number(port) };
}
