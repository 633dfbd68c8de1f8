import { Allowance } from '../../base/allowance.js';
import { ProviderError } from './provider-error.js';

/** No service speaks 60 times as fast as it is heard; minutes of a reply may come at once. */
const messagesPerSecond = 1000;
const messagesAtOnce = 10_000;
const bytesPerSecond = 4 << 20;
const bytesAtOnce = 16 << 20;

/** How much a service may send over one connection: whoever sends more holds up the other calls. */
export class ServiceAllowance {
  readonly #who: string;
  readonly #messages = new Allowance(messagesPerSecond, messagesAtOnce);
  readonly #bytes = new Allowance(bytesPerSecond, bytesAtOnce);

  /** @param who the service as an operator knows it, for messages */
  constructor(who: string) {
    this.#who = who;
  }

  /** Of one message; what is to be told of the service when that is too much. */
  take(bytes: number, nowMs: number): ProviderError | undefined {
    if (this.#messages.take(1, nowMs) && this.#bytes.take(bytes, nowMs)) return undefined;
    return new ProviderError('TP_ERR_PROVIDER_PROTOCOL', `${this.#who} sends more than anybody can hear or read, and was cut off`);
  }
}
