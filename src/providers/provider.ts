import type { AudioFormat } from '../base/audio-format.js';
import type { ErrorCode } from '../base/errors.js';
import type { Usage } from '../base/usage.js';

/** The AI side of talkpath: whatever hears the caller and speaks for the agent. */
export interface Provider {
  readonly name: string;
  readonly abilities: ProviderAbilities;
  /** Opens the provider's half of one call. Rejects with a ProviderError when it cannot be had, or with the signal's reason. */
  connect(options: ConnectOptions): Promise<ProviderSession>;
  /** Asks whether the provider would take a call now, without having one; rejects if not. Without it nothing can be asked. */
  probe?(signal: AbortSignal): Promise<void>;
}

/** What a provider takes and gives. */
export interface ProviderAbilities {
  /** Formats of the caller's audio that sendAudio() can take. */
  readonly inputs: readonly AudioFormat[];
  /** Formats in which replies can be had. */
  readonly outputs: readonly AudioFormat[];
  /**
   * Who decides that the caller's turn is over: `ours` the conversation machine, `own` the provider (it tells by
   * turn-ended), `none` there are no turns, everything is one stream.
   */
  readonly turnTaking: 'ours' | 'own' | 'none';
  /** Its audio comes as steadily as the caller's, not in bursts: it needs no cushion before it is played. */
  readonly steady?: true;
}

export interface ConnectOptions {
  /** Aborted when the call ends. */
  readonly signal: AbortSignal;
  /** Of `abilities.inputs`: what sendAudio() will get. */
  readonly input: AudioFormat;
  /** Of `abilities.outputs`: what replies should be; each reply-audio says what it is. */
  readonly output: AudioFormat;
  readonly on: (event: ProviderEvent) => void;
  readonly call: CallContext;
  /** What was said before this provider took the call over, oldest first; of the agent's words what was heard. */
  readonly history: readonly Said[];
}

export interface Said {
  readonly who: 'caller' | 'agent';
  readonly text: string;
}

/** What a provider may know of the call. */
export interface CallContext {
  readonly callId: string;
  /** Said first; undefined leaves the greeting to the provider, empty means none. */
  readonly greeting: string | undefined;
  readonly prompt: string | undefined;
  /** BCP 47, such as "en" or "de-CH"; undefined leaves it to the provider. */
  readonly language: string | undefined;
  readonly caller: { readonly number?: string | undefined; readonly name?: string | undefined };
  readonly variables: Readonly<Record<string, string>>;
  /** What the agent may do in this call. */
  readonly tools: readonly ToolDefinition[];
  /** What agents before this one have asked for in the call, oldest first. */
  readonly done: readonly ToolDone[];
}

/** Something that an agent has asked for. */
export interface ToolDone {
  readonly name: string;
  /** JSON; a long one is cut. */
  readonly arguments: string;
  /** What its agent was told of it. */
  readonly answer: string;
}

/** What a model is told of a tool that was begun, and whose end nobody waited for. */
export const endUnknown =
  'This was begun and may be done by now. Ask again with the same arguments to learn what came of it, and until then say neither that it was done nor that it was not.';

/** Something the agent may do, as a language model is told of it. */
export interface ToolDefinition {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of its arguments, an object. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

export interface ProviderSession {
  /**
   * Takes the caller's audio as it comes, silence included. `speaking` is the engine's voice detection: true from a
   * little after speech began until the hang-over after it ended.
   */
  sendAudio(audio: Uint8Array, speaking: boolean): void;
  /** Asks for the reply of `turn`; with `last` the call ends behind it. Answered by reply-audio and reply-ended events, or failed. */
  requestReply(turn: number, cause: ReplyCause, last: boolean): void;
  /** The reply of `turn` is over for the caller. No event of that turn counts any more. */
  cancelReply(turn: number, heard: Heard): void;
  /** What came of a tool-call. The reply at hand goes on with it, or ends. */
  answerTool(id: string, answer: ToolAnswer): void;
  close(): void;
}

/** How much of a reply reached the caller. */
export interface Heard {
  readonly ms: number;
  readonly text: string;
  /** Of the words in `history` that another provider said in the same turn, those that were heard, where it was not all of them. */
  readonly before?: string;
}

export interface ToolAnswer {
  /** For the model: JSON, or a sentence. */
  readonly text: string;
  /** Whether something should be said about it: not after a farewell. */
  readonly isSpokenOf: boolean;
}

/**
 * What a reply answers: the start of the call, the caller's words, the caller's silence; `resume` takes a conversation
 * up where another provider left it: it answers what was not answered, or goes on where the agent's last words stop.
 */
export type ReplyCause = 'greeting' | 'caller' | 'no-input' | 'resume';

export type ProviderEvent =
  /** Audio of a turn in pieces of any size. */
  | { readonly type: 'reply-audio'; readonly turn: number; readonly audio: Uint8Array; readonly format: AudioFormat }
  /** No more audio of the turn follows, and every tool-call of it was answered or needs no answer. */
  | { readonly type: 'reply-ended'; readonly turn: number }
  /** Words of a turn. An agent's text comes before the audio that speaks it. */
  | { readonly type: 'transcript'; readonly turn: number; readonly who: 'caller' | 'agent'; readonly text: string; readonly final: boolean }
  /** Of a provider with turn-taking of its own: the caller has finished, and a reply may be asked for. */
  | { readonly type: 'turn-ended' }
  /** Something to be done in the world, answered by answerTool(); `hang_up` and `transfer` happen when the turn's reply has been heard. */
  | {
      readonly type: 'tool-call';
      readonly turn: number;
      readonly id: string;
      readonly name: string;
      readonly arguments: Readonly<Record<string, unknown>>;
    }
  /** The model has thought better of it: no answer is expected any more. */
  | { readonly type: 'tool-call-withdrawn'; readonly id: string }
  /** Used since the last such event. */
  | { readonly type: 'usage'; readonly usage: Usage }
  /** Times that the provider measured in this turn, for the record: milliseconds by stage. */
  | { readonly type: 'timing'; readonly turn: number; readonly stage: string; readonly ms: number }
  /** The turn's reply will not come, or (without a turn) the whole session is lost. */
  | {
      readonly type: 'failed';
      readonly turn?: number;
      readonly code: ErrorCode;
      readonly message: string;
      readonly retryable: boolean;
      /** How long the service asks to be left alone. */
      readonly retryAfterMs?: number;
      /** The session has lasted as long as any may, which is no failure: a new one can be had. */
      readonly expired?: true;
    };
