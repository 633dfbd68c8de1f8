import type { Fault } from '../fault.js';
import { sendPaced } from '../paced-audio.js';
import type { AudioSettings } from './client-messages.js';

/** What the emulated agent says and asks for when it has something to answer. */
export interface Answer {
  /** Text by text, and how long its audio lasts. */
  readonly says?: readonly { readonly text: string; readonly ms: number }[];
  /** Functions to be called when that was said; arguments that are a text are sent as they are. */
  readonly calls?: readonly { readonly id: string; readonly name: string; readonly arguments: object | string; readonly client_side?: boolean }[];
  /** What is said when all calls were answered. */
  readonly afterwards?: Answer;
}

/** How the emulated service behaves where the real one was seen to do one thing or the other. */
export interface Manner {
  /** Speed of the audio; 1 is real time. */
  pace: number;
  thinkMs: number;
  /** Silence that ends the caller's turn, in the caller's audio. */
  endMs: number;
  /** AgentStartedSpeaking before each reply's audio. */
  tellsStart: boolean;
  /** AgentThinking before each reply. */
  tellsThinking: boolean;
  tellsEndOfTurn: boolean;
  /** A text comes when the first of its audio was sent. */
  isTextLate: boolean;
  /** Audio of a reply that still comes after UserStartedSpeaking. */
  strayMs: number;
  /** AgentAudioDone of a reply that was cut. */
  tellsCutDone: boolean;
  /** AgentAudioDone right after a function call, although the agent will speak on. */
  isDoneEarly: boolean;
}

export interface ReplyOptions {
  readonly manner: Manner;
  readonly fault: Fault | undefined;
  readonly format: AudioSettings;
  /** What every byte of its audio is. */
  readonly mark: number;
  readonly later: (ms: number, action: () => void) => () => void;
  readonly send: (message: object) => void;
  readonly sendAudio: (audio: Buffer) => void;
  readonly sendGarbage: () => void;
  readonly lose: () => void;
  /** It is over, all of it. */
  readonly done: () => void;
}

const pieceMs = 40;

/** One reply of the agent: texts, audio at its pace, function calls and what follows them. */
export class Reply {
  readonly #options: ReplyOptions;
  /** Calls that wait for an answer. */
  readonly waiting = new Map<string, string>();
  #cancel: () => void = () => {};
  #next: Answer | undefined;
  #isGarbled = false;
  isOver = false;

  constructor(options: ReplyOptions, answer: Answer) {
    this.#options = options;
    const { manner, send, later } = options;
    this.#cancel = later(manner.thinkMs, () => {
      if (manner.tellsThinking) send({ type: 'AgentThinking', content: '' });
      send({ type: 'LatencyReport', ttt_text_latency: 0.25 });
      this.#begin(answer);
    });
  }

  answered(id: string, name: string, content: string): void {
    this.waiting.delete(id);
    this.#options.send({ type: 'FunctionCallResponse', id, name, content });
    if (this.waiting.size > 0 || this.isOver) return;
    const next = this.#next;
    this.#next = undefined;
    if (next) this.#cancel = this.#options.later(this.#options.manner.thinkMs, () => this.#begin(next));
    else this.#end();
  }

  /** The caller speaks over it. Some of its audio may be on its way. */
  cut(): void {
    if (this.isOver) return;
    const { manner, send } = this.#options;
    this.stop();
    if (manner.strayMs > 0) this.#audio(manner.strayMs);
    if (manner.tellsCutDone) send({ type: 'AgentAudioDone' });
  }

  stop(): void {
    this.isOver = true;
    this.#cancel();
  }

  #begin(answer: Answer): void {
    if (this.#options.manner.tellsStart && answer.says?.length)
      this.#options.send({ type: 'AgentStartedSpeaking', total_latency: 0.6, tts_latency: 0.1, ttt_latency: 0.25 });
    this.#say(answer, 0);
  }

  #say(answer: Answer, index: number): void {
    const { manner, fault, later, send, sendGarbage, lose } = this.#options;
    const said = answer.says?.[index];
    if (!said) {
      this.#call(answer);
      return;
    }
    const tell = (): void => send({ type: 'ConversationText', role: 'assistant', content: said.text });
    if (!manner.isTextLate) tell();
    this.#cancel = sendPaced({
      pieceMs,
      pace: manner.pace,
      totalMs: said.ms,
      fault,
      later,
      send: (fromMs, ms) => {
        this.#audio(ms);
        if (fromMs === 0 && manner.isTextLate) tell();
        if (fromMs === 0 && index === 0) send({ type: 'LatencyReport', tts_latency: 0.1 });
        if (fault?.type === 'garbage-json' && fromMs >= said.ms / 2 && !this.#isGarbled) {
          this.#isGarbled = true;
          sendGarbage();
        }
      },
      done: () => this.#say(answer, index + 1),
      lose,
    });
  }

  #call({ says, calls = [], afterwards }: Answer): void {
    const { manner, send } = this.#options;
    if (calls.length === 0) {
      this.#end();
      return;
    }
    this.#next = afterwards;
    const functions = calls.map(({ arguments: args, client_side = true, ...call }) => ({
      ...call,
      arguments: typeof args === 'string' ? args : JSON.stringify(args),
      client_side,
    }));
    for (const { id, name, client_side } of functions) if (client_side) this.waiting.set(id, name);
    send({ type: 'FunctionCallRequest', functions });
    if (says?.length || manner.isDoneEarly) send({ type: 'AgentAudioDone' });
    if (this.waiting.size === 0) for (const { id, name } of functions) this.answered(id, name, 'done');
  }

  #end(): void {
    this.isOver = true;
    this.#options.send({ type: 'AgentAudioDone' });
    this.#options.done();
  }

  #audio(ms: number): void {
    const { format, mark, sendAudio } = this.#options;
    sendAudio(Buffer.alloc(Math.round((format.sample_rate * ms) / 1000) * (format.encoding === 'linear16' ? 2 : 1), mark));
  }
}
