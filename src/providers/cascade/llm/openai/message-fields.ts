import { countOf } from '../../../../base/usage.js';
import { ProviderError } from '../../../network/provider-error.js';

type Fields = Readonly<Record<string, unknown>>;

/** Reads fields of a service's messages; what is null or not there is empty, what is of another type is TP_ERR_PROVIDER_PROTOCOL. */
export class MessageFields {
  readonly #who: string;

  constructor(who: string) {
    this.#who = who;
  }

  object(name: string, value: unknown): Fields {
    if (value === undefined || value === null) return {};
    if (typeof value === 'object' && !Array.isArray(value)) return value as Fields;
    throw this.#wrong(name, value, 'an object');
  }

  list(name: string, value: unknown): readonly unknown[] {
    if (value === undefined || value === null) return [];
    if (Array.isArray(value)) return value;
    throw this.#wrong(name, value, 'a list');
  }

  text(name: string, value: unknown): string {
    if (value === undefined || value === null) return '';
    if (typeof value === 'string') return value;
    throw this.#wrong(name, value, 'text');
  }

  #wrong(name: string, value: unknown, expected: string): ProviderError {
    const found = Array.isArray(value) ? 'list' : typeof value;
    return new ProviderError('TP_ERR_PROVIDER_PROTOCOL', `${this.#who} sent an event whose ${name} is of type ${found}, not ${expected}`);
  }
}

/** Tokens; anything that is no number counts as none: a reply is not lost for its bill. */
export const tokensOf = (value: unknown): number => Math.round(countOf(value));
