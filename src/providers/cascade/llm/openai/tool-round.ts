import { firstOf } from '../../../../base/text.js';
import { parseArguments } from '../../../network/json-message.js';
import { endUnknown, type ToolAnswer, type ToolDefinition } from '../../../provider.js';
import type { ReplyMeans } from '../llm.js';
import type { ToolCall } from './answer.js';
import type { ToolUse } from './turn.js';

/** Of what a tool tells; more would push the conversation out of the model's sight. */
const longestAnswer = 8000;

const failed = (error: string): string => JSON.stringify({ error });

interface Asked {
  readonly use: ToolUse;
  /** None when the model asked for what cannot be done. */
  readonly args: Record<string, unknown> | undefined;
}

/**
 * The tools of one answer of the model, used side by side. Each has an answer at any time, "not known" at first: a
 * request in which one has none is refused.
 */
export class ToolRound {
  readonly #asked: readonly Asked[];

  /** `isCut`: the answer ended before the model did, so that its last call is incomplete. */
  constructor(calls: readonly ToolCall[], tools: readonly ToolDefinition[], isCut: boolean) {
    const taken = new Set<string>();
    this.#asked = calls.map((call, i) => {
      const id = idOf(call, i, taken);
      const isKnown = tools.some(({ name }) => name === call.name);
      const args = isCut && i === calls.length - 1 ? undefined : parseArguments(call.arguments);
      const fault = !isKnown ? 'there is no tool of that name' : 'the arguments are not a JSON object';
      const use: ToolUse = {
        id,
        // Services refuse names of another form, in what they wrote themselves too.
        name: call.name.replaceAll(/[^\w-]/g, '_').slice(0, 64),
        arguments: JSON.stringify(args ?? {}),
        answer: isKnown && args ? endUnknown : failed(fault),
      };
      return { use, args: isKnown ? args : undefined };
    });
  }

  get uses(): readonly ToolUse[] {
    return this.#asked.map(({ use }) => use);
  }

  /** Resolves with whether something is to be said about what came of them. */
  async run({ signal, useTool }: ReplyMeans): Promise<boolean> {
    const spokenOf = await Promise.all(
      this.#asked.map(async ({ use, args }) => {
        if (!args) return true;
        const answer = await useTool(use.name, args).catch((): ToolAnswer => ({ text: failed('it failed'), isSpokenOf: true }));
        if (signal.aborted) return false;
        use.answer = answer.text.length > longestAnswer ? `${firstOf(answer.text, longestAnswer)} … (cut)` : answer.text.toWellFormed();
        return answer.isSpokenOf;
      }),
    );
    return spokenOf.includes(true);
  }
}

/** The service's own identifier of a call, unless it gave none, or the same twice. */
function idOf({ id }: ToolCall, index: number, taken: Set<string>): string {
  const own = id !== '' && id.length <= 64 && !taken.has(id) ? id : `call_${index}_${taken.size}`;
  taken.add(own);
  return own;
}
