import type { Clock } from '../../../../base/clock.js';
import { ProviderError } from '../../../network/provider-error.js';
import { AudioMeter } from '../audio-meter.js';
import { HeardWords } from '../heard-words.js';
import { LiveSession } from '../live-session.js';
import type { SttOptions } from '../stt.js';
import { Takes } from '../takes.js';
import type { RivaConnection, RivaStream } from './connection.js';
import { resultsOf, type StreamingConfig, type StreamingResponse, who } from './protocol.js';

/** The rest of a stream takes a round trip and the recognition of what is left. */
const restMs = 1000;

/** A stream of audio and what was heard in it. */
interface Utterance {
  readonly stream: RivaStream;
  readonly words: HeardWords;
  state: 'open' | 'ending' | 'over';
}

/**
 * One call's audio to Riva, stream after stream: to end one is the only way to have all its words at once, so each take
 * that words are still to come for ends the stream at hand, and the audio that follows begins another.
 */
export class RivaSession extends LiveSession {
  readonly #connection: RivaConnection;
  readonly #config: StreamingConfig;
  readonly #meter: AudioMeter;
  readonly #ending = new Set<Utterance>();
  #current: Utterance | undefined;

  constructor(connection: RivaConnection, config: StreamingConfig, options: SttOptions, clock: Clock) {
    super(options, new Takes(clock, restMs));
    this.#connection = connection;
    this.#config = config;
    this.#meter = new AudioMeter(options.input, this.emit);
    this.#current = this.#begin();
  }

  protected override send(audio: Uint8Array, speaking: boolean): void {
    this.#current ??= this.#begin();
    const { stream, words } = this.#current;
    words.sent(this.#meter.add(audio), speaking);
    // Whoever pushes may use the bytes again.
    stream.send(Buffer.from(audio));
  }

  protected override takeWords(): Promise<string> {
    const utterance = this.#current;
    const untilMs = utterance?.words.openUntilMs ?? 0;
    if (!utterance || utterance.words.isSettled(untilMs)) {
      const words = (): string => utterance?.words.takeFinal() ?? '';
      return this.takes.wait({ isReady: () => true, words, late: words });
    }
    utterance.state = 'ending';
    utterance.stream.end();
    this.#ending.add(utterance);
    this.#current = undefined;
    const { words } = utterance;
    return this.takes.wait({
      isReady: () => utterance.state === 'over' || words.isSettled(untilMs),
      words: () => words.takeGuess(),
      late: () => {
        this.#ending.delete(utterance);
        utterance.stream.cancel();
        if (!words.isUnanswered) return words.takeGuess();
        throw new ProviderError('TP_ERR_PROVIDER_TIMEOUT', `${who} said nothing within ${restMs} ms after the caller had spoken`);
      },
    });
  }

  protected override release(): void {
    for (const { stream } of this.#ending) stream.cancel();
    this.#ending.clear();
    this.#current?.stream.cancel();
    this.#current = undefined;
    this.#connection.close();
  }

  #begin(): Utterance {
    const utterance: Utterance = {
      words: new HeardWords(),
      state: 'open',
      stream: this.#connection.stream(this.#config, {
        onResponse: (response) => this.#hear(utterance, response),
        onEnd: (error) => this.#end(utterance, error),
      }),
    };
    return utterance;
  }

  #hear({ words }: Utterance, response: StreamingResponse): void {
    words.told();
    for (const result of resultsOf(response)) words.hear(result);
    const { soFar } = words;
    this.takes.settle();
    if (soFar !== '') this.emit({ type: 'partial', text: soFar });
  }

  #end(utterance: Utterance, error: ProviderError | undefined): void {
    const wasAsked = utterance.state === 'ending';
    utterance.state = 'over';
    this.#ending.delete(utterance);
    if (error) this.fail(error);
    else if (wasAsked) this.takes.settle();
    else this.fail(new ProviderError('TP_ERR_PROVIDER_LOST', `${who} ended a stream that was not over`));
  }
}
