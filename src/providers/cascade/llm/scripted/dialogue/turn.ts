import type { CallContext } from '../../../../provider.js';
import type { Script, TaskScript } from '../schema.js';
import { sentencesOf } from '../sentences.js';
import { spokenValue } from '../slots/slot-reader.js';
import { spokenNumber, spokenText } from '../speech-forms.js';
import { fill, isFillable } from '../template.js';
import type { DialogueState, OpenQuestion, TaskState } from './state.js';

export interface ToolCall {
  readonly name: string;
  readonly arguments: Readonly<Record<string, string>>;
}

/** What one reply does: calls that must not wait, sentences, and calls that end the call. */
export interface Step {
  readonly state: DialogueState;
  readonly callsBefore: readonly ToolCall[];
  readonly sentences: readonly string[];
  readonly callsAfter: readonly ToolCall[];
}

/** One reply in the making: gathers what is said and done, and the state it leads to. */
export class Turn {
  readonly script: Script;
  readonly call: CallContext;
  readonly before: DialogueState;
  task: TaskState | undefined;
  question: OpenQuestion | undefined;
  misses: number;
  silences: number;
  greeted: boolean;
  #said: readonly string[] | undefined;
  readonly #uses: Map<readonly string[], number>;
  readonly #sentences: string[] = [];
  readonly #callsBefore: ToolCall[] = [];
  readonly #callsAfter: ToolCall[] = [];

  constructor(script: Script, call: CallContext, before: DialogueState) {
    this.script = script;
    this.call = call;
    this.before = before;
    this.task = before.task;
    this.misses = before.misses;
    this.silences = before.silences;
    this.greeted = before.greeted;
    this.#uses = new Map(before.uses);
  }

  /** The script of the task at hand. */
  get taskScript(): TaskScript | undefined {
    return this.task && this.script.tasks[this.task.name];
  }

  /** Says the next of the variants that can be filled. */
  say(variants: readonly string[]): void {
    const used = this.#uses.get(variants) ?? 0;
    const inTurn = variants.map((_, index) => variants[(used + index) % variants.length] ?? '');
    const index = Math.max(
      0,
      inTurn.findIndex((variant) => isFillable(variant, this.#lookUp)),
    );
    this.#uses.set(variants, used + index + 1);
    this.#sentences.push(...sentencesOf(fill(inTurn[index] ?? '', this.#lookUp)));
  }

  /** Says sentences of an earlier reply again. */
  repeat(sentences: readonly string[]): void {
    this.#sentences.push(...sentences);
    this.keepSaid();
  }

  /** "Say that again" will repeat what it would have repeated before this reply. */
  keepSaid(): void {
    this.#said = this.before.said;
  }

  do(name: string, values: ToolCall['arguments'], when: 'before' | 'after'): void {
    (when === 'before' ? this.#callsBefore : this.#callsAfter).push({ name, arguments: values });
  }

  end(): Step {
    const { task, question, misses, silences, greeted } = this;
    const said = this.#said ?? this.#sentences;
    const state = { greeted, task, question, misses, silences, uses: this.#uses, said, cut: undefined };
    return { state, callsBefore: this.#callsBefore, sentences: this.#sentences, callsAfter: this.#callsAfter };
  }

  /** The spoken form of a slot's value, a variable or what is known of the caller. */
  readonly #lookUp = (name: string): string | undefined => {
    const value = this.task?.values.get(name);
    const slot = this.taskScript?.slots[name];
    if (value !== undefined && slot) return spokenValue(slot.type, value);
    const { caller, variables } = this.call;
    if (name === 'caller_name') return caller.name === undefined ? undefined : spokenText(caller.name);
    if (name === 'caller_number') return caller.number === undefined ? undefined : spokenNumber(caller.number);
    if (!Object.hasOwn(this.script.variables, name)) return undefined;
    return Object.hasOwn(variables, name) ? spokenText(variables[name] ?? '') : this.script.variables[name];
  };
}
