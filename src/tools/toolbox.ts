import { join } from 'node:path';
import type { Clock } from '../base/clock.js';
import { messageOf } from '../base/errors.js';
import type { Log } from '../base/log.js';
import type { ObjectSchema } from '../config/json-schema.js';
import type { Settings } from '../config/schema.js';
import type { ToolAnswer, ToolDefinition } from '../providers/provider.js';
import { failed, unknownTool, wrongArguments } from './answers.js';
import { argumentCheck, type CheckedArguments } from './arguments.js';
import { type CarryOut, callTools } from './call-tools.js';
import { Effects } from './effects.js';
import { type Exchanging, httpExchange } from './http-exchange.js';
import { Journal } from './journal.js';
import { KeptAnswers } from './kept-answers.js';
import { stateFolder } from './state-folder.js';
import type { Tool, ToolResult, ToolUse } from './tool.js';
import { webhookTool } from './webhook.js';

export interface ToolboxParts {
  readonly clock: Clock;
  readonly log: Log;
  /** Ends, transfers and dials for the call that the use names. */
  readonly carryOut: CarryOut;
  readonly exchange?: Exchanging;
  readonly journal?: Journal;
  readonly random?: () => number;
}

interface Kept {
  readonly tool: Tool;
  readonly check: (args: unknown) => CheckedArguments;
}

/** Everything that the agents of all calls may do. */
export class Toolbox {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #tools: ReadonlyMap<string, Kept>;
  readonly #journal: Journal;
  readonly #answers: KeptAnswers;
  readonly #effects: Effects;
  readonly #hasWebhooks: boolean;

  /** Throws TP_ERR_JOURNAL_FOLDER when there are webhooks and no place for their journal. Touches no disk. */
  constructor(settings: Pick<Settings, 'tools' | 'transfer' | 'journal'>, parts: ToolboxParts) {
    const { clock, log, carryOut, exchange = httpExchange(clock), random = Math.random } = parts;
    const webhooks = Object.entries(settings.tools);
    this.#clock = clock;
    this.#log = log;
    this.#hasWebhooks = webhooks.length > 0;
    this.#journal = parts.journal ?? new Journal(this.#hasWebhooks ? join(settings.journal.folder ?? stateFolder(), 'tools') : '', clock, log);
    this.#answers = new KeptAnswers(clock);
    this.#effects = new Effects(this.#journal, this.#answers, log);
    const means = { exchange, clock, random, effects: this.#effects };
    const tools = [...callTools(settings.transfer, carryOut), ...webhooks.map(([name, one]) => webhookTool(name, one, means))];
    this.#tools = new Map(
      tools.map((tool) => [tool.definition.name, { tool, check: argumentCheck(tool.definition.parameters as unknown as ObjectSchema) }]),
    );
  }

  /** Reads the journal, so that the first tool need not wait for it; what is wrong with it is logged, and tools are refused meanwhile. */
  async prepare(): Promise<void> {
    if (!this.#hasWebhooks) return;
    await this.#journal.load().catch((error: unknown) => this.#log.error({ error: messageOf(error) }, 'the journal of tools failed'));
  }

  /** What a model is told of these tools, in the order of the names; a name that no tool has is left out. */
  definitionsFor(names: readonly string[]): ToolDefinition[] {
    return [...new Set(names)].flatMap((name) => this.#tools.get(name)?.tool.definition ?? []);
  }

  /** Runs a tool that a model asks for. Never rejects: whatever happens is told to the model. */
  async run(name: string, args: unknown, use: ToolUse): Promise<ToolAnswer> {
    const startedMs = this.#clock.nowMs();
    const kept = use.tools.includes(name) ? this.#tools.get(name) : undefined;
    const { outcome, why, text, isSpokenOf } = await this.#run(kept, args, use);
    // A model may put anything into the name of a tool that is none.
    const fields = { callId: use.callId, tool: kept ? name : undefined, outcome, why, ms: Math.round(this.#clock.nowMs() - startedMs) };
    if (outcome === 'unknown' || outcome === 'failed') this.#log.warn(fields, 'tool ended');
    else this.#log.info(fields, 'tool ended');
    return { text, isSpokenOf };
  }

  /** What its tools answered is forgotten an hour later. */
  callEnded(callId: string): void {
    if (this.#hasWebhooks) this.#answers.callEnded(callId);
  }

  /** Cuts off what is under way; what runs afterwards is called off. */
  async close(): Promise<void> {
    await this.#effects.close();
    this.#answers.close();
    await this.#journal.close();
  }

  async #run(kept: Kept | undefined, args: unknown, use: ToolUse): Promise<ToolResult> {
    if (!kept) return unknownTool(this.definitionsFor(use.tools).map(({ name }) => name));
    const checked = kept.check(args);
    if ('faults' in checked) return wrongArguments(checked.faults);
    try {
      return await kept.tool.run(checked.args, use);
    } catch (error) {
      this.#log.error({ callId: use.callId, tool: kept.tool.definition.name, error: messageOf(error) }, 'tool failed');
      return failed();
    }
  }
}
