import type { Fault } from '#emulators/fault.js';
import { audioBytes, pcm16 } from '#talkpath/base/audio-format.js';
import { errorOfStatus, ProviderError } from '#talkpath/providers/network/provider-error.js';
import type { ConnectOptions, Provider, ProviderSession, ReplyCause } from '#talkpath/providers/provider.js';
import type { ProviderBench } from './provider-bench.js';

/** Ways of being wrong, each of which a rule of the kit is there for. */
export const flaws = [
  'other-format',
  'words-behind-audio',
  'ends-twice',
  'tells-no-caller',
  'mixes-turns',
  'goes-on-after-cancel',
  'says-what-was-cancelled',
  'believes-the-service',
  'loses-quietly',
  'tells-a-loss-twice',
  'repeats-garbage',
  'knows-no-status',
  'hangs-for-ever',
  'talks-after-close',
  'keeps-the-connection',
  'shares-its-ears',
  'forgets-the-history',
  'does-not-wait-for-tools',
  'answers-with-nothing',
] as const;

export type Flaw = (typeof flaws)[number];

interface Answer {
  readonly text: string;
  readonly ms: number;
  readonly tool?: { readonly name: string; readonly args: Readonly<Record<string, unknown>> };
}

const pieceMs = 20;
const format = pcm16(8000);

/** A provider without a service, right in everything but the one flaw that it is given: for testing the kit itself. */
export class ReferenceProvider implements Provider, ProviderBench {
  readonly name = 'reference';
  readonly abilities = { inputs: [format], outputs: [format, pcm16(16_000)], turnTaking: 'ours' } as const;
  readonly provider = this;
  readonly #flaw: Flaw | undefined;
  readonly #told: string[] = [];
  readonly #words: string[] = [];
  readonly #answers: Answer[] = [];
  readonly #sessions = new Set<ConnectOptions>();
  #fault: Fault | undefined;
  #open = 0;

  constructor(flaw?: Flaw) {
    this.#flaw = flaw;
  }

  setFault(fault: Fault | undefined): void {
    this.#fault = fault;
  }
  callerWillSay(words: string): void {
    this.#words.push(words);
  }
  agentWillSay(text: string, ms: number): void {
    this.#answers.push({ text, ms });
  }
  agentWillUse(name: string, args: Readonly<Record<string, unknown>>, thenSays: string): void {
    this.#answers.push({ text: thenSays, ms: 200, tool: { name, args } });
  }
  toldOf(words: string): boolean {
    return this.#told.some((text) => text.includes(words));
  }
  openConnections(): number {
    return this.#open;
  }
  violations(): readonly string[] {
    return [];
  }
  async close(): Promise<void> {}

  async connect(options: ConnectOptions): Promise<ProviderSession> {
    const fault = this.#fault;
    if (fault?.type === 'refuse') throw new ProviderError('TP_ERR_PROVIDER_CONNECT', 'refused');
    if (fault?.type === 'status')
      throw this.#flaw === 'knows-no-status' ? new Error(`status ${fault.status}`) : errorOfStatus('reference', fault.status);
    this.#open += 1;
    if (fault?.type === 'hang') await this.#hang(options.signal);
    if (this.#flaw !== 'forgets-the-history') this.#told.push(...options.history.map(({ text }) => text));
    this.#sessions.add(options);
    return this.#session(options);
  }

  #hang(signal: AbortSignal): Promise<never> {
    return new Promise((_, reject) => {
      if (this.#flaw === 'hangs-for-ever') return;
      signal.addEventListener('abort', () => {
        this.#open -= 1;
        reject(signal.reason);
      });
    });
  }

  #session(options: ConnectOptions): ProviderSession {
    let current = 0;
    let isOver = false;
    let answerTool: (text: string) => void = () => {};
    const has = (flaw: Flaw): boolean => this.#flaw === flaw;
    const on: ConnectOptions['on'] = (event) => {
      if (!isOver || has('talks-after-close')) options.on(event);
      if (has('shares-its-ears')) for (const other of this.#sessions) if (other !== options) other.on(event);
    };
    const fail = (message: string, code: 'TP_ERR_PROVIDER_LOST' | 'TP_ERR_PROVIDER_PROTOCOL'): void => {
      if (!has('loses-quietly')) on({ type: 'failed', code, message, retryable: true });
      if (has('tells-a-loss-twice')) setTimeout(() => options.on({ type: 'failed', code, message, retryable: true }), 5);
      isOver = true;
    };
    const say = async (turn: number, cause: ReplyCause): Promise<void> => {
      const fault = this.#fault;
      const told = has('mixes-turns') ? 1 : turn;
      if (cause === 'caller') {
        const text = this.#words.shift() ?? '';
        if (!has('tells-no-caller')) on({ type: 'transcript', turn: told, who: 'caller', text, final: true });
      }
      const { text, ms, tool } = this.#answers.shift() ?? { text: 'Yes.', ms: 200 };
      await tick();
      const goesOn = (): boolean =>
        current === turn || (has('goes-on-after-cancel') && turn > 1) || (has('believes-the-service') && fault?.type === 'ignore-cancel');
      if (!goesOn() && !has('says-what-was-cancelled')) return;
      if (tool) {
        const answered = new Promise<string>((resolve) => (answerTool = resolve));
        on({ type: 'tool-call', turn, id: 'a', name: tool.name, arguments: tool.args });
        if (!has('does-not-wait-for-tools')) this.#told.push(await answered);
      }
      if (ms === 0 && !has('answers-with-nothing')) {
        on({ type: 'failed', turn, code: 'TP_ERR_PROVIDER_PROTOCOL', message: 'not a sound', retryable: true });
        return;
      }
      const words = (): void => on({ type: 'transcript', turn: told, who: 'agent', text, final: true });
      if (!has('words-behind-audio')) words();
      for (let sent = 0; sent < ms; sent += pieceMs) {
        if ((!goesOn() && !has('says-what-was-cancelled')) || (isOver && !has('talks-after-close'))) return;
        if (sent > 0 && fault?.type === 'close-in-reply' && sent >= fault.afterMs) return fail('gone', 'TP_ERR_PROVIDER_LOST');
        if (fault?.type === 'garbage-json' || fault?.type === 'garbage-base64')
          return fail(has('repeats-garbage') ? text : 'garbage', 'TP_ERR_PROVIDER_PROTOCOL');
        const given = has('other-format') ? pcm16(16_000) : options.output;
        on({ type: 'reply-audio', turn: told, audio: new Uint8Array(audioBytes(pieceMs, given)), format: given });
        await tick();
      }
      if (has('words-behind-audio')) words();
      for (let ends = has('ends-twice') ? 2 : 1; ends > 0; ends -= 1) on({ type: 'reply-ended', turn: told });
    };
    return {
      sendAudio: () => {},
      requestReply: (turn, cause) => {
        current = turn;
        void say(turn, cause);
      },
      cancelReply: () => {
        current = 0;
      },
      answerTool: (_id, { text }) => answerTool(text),
      close: () => {
        if (this.#sessions.delete(options) && !has('keeps-the-connection')) this.#open -= 1;
        isOver = true;
      },
    };
  }
}

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
