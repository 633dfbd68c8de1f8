import { frameMs } from './base/audio-format.js';
import type { Clock } from './base/clock.js';
import type { Log } from './base/log.js';
import type { Registration } from './call/announcements.js';
import { Call, type CallOptions } from './call/call.js';
import { CallRecord } from './call/call-record.js';
import type { OwnLines } from './call/own-lines.js';
import { pickFormat, planOf, type ResolvedCall, resolveCall } from './call/plan.js';
import type { ChainLevel } from './call/provider-chain.js';
import type { Settings } from './config/schema.js';
import { AgentEnd } from './native/agent-end.js';
import type { Ladder } from './providers/guard/ladder.js';
import type { Provider } from './providers/provider.js';
import type { ProviderRegistry } from './providers/registry.js';
import type { Toolbox } from './tools/toolbox.js';

export interface CallSetupOptions {
  readonly settings: Settings;
  readonly providers: ProviderRegistry;
  readonly ladder: Ladder;
  readonly lines: OwnLines;
  readonly toolbox: Toolbox;
  readonly clock: Clock;
  readonly log: Log;
}

const alwaysThere = ['hang_up', 'transfer'];

/** A call that has come: what it is to be set up with, and its record from the first moment on. */
export interface ArrivedCall {
  readonly record: CallRecord;
  readonly resolved: ResolvedCall;
  readonly registration: Registration | undefined;
}

/** Makes calls out of settings, sessions of the engine, and what was said of them beforehand. Thread: control. */
export class CallSetup {
  readonly #options: CallSetupOptions;

  constructor(options: CallSetupOptions) {
    this.#options = options;
  }

  arrived(callId: string, registration: Registration | undefined): ArrivedCall {
    const { settings, clock } = this.#options;
    const resolved = resolveCall(settings, registration);
    return { record: new CallRecord(callId, planOf(resolved), clock, settings.prices), resolved, registration };
  }

  /** The same call with what Asterisk says of it; the line's session is there already, with the profile that it has. */
  lookedUp({ record, resolved: opened }: ArrivedCall, registration: Registration): ArrivedCall {
    const { settings } = this.#options;
    if (resolveCall(settings, registration).profile !== opened.profile) record.notice('profile-too-late');
    const { chosenBy, ...wanted } = resolveCall(settings, { ...registration, profile: opened.profile });
    const resolved = { ...wanted, chosenBy: { ...chosenBy, profile: opened.chosenBy.profile } };
    record.plan = planOf(resolved);
    return { record, resolved, registration };
  }

  /**
   * Makes the call, once a provider of its chain is there. Undefined when `isGone` says that the caller did not wait for
   * it; rejects with what the first provider says when none can be had.
   */
  async make(
    { record, resolved, registration }: ArrivedCall,
    sessionId: number,
    isGone: () => boolean,
    hangUp: CallOptions['hangUp'],
  ): Promise<{ call: Call; takesTurns: boolean } | undefined> {
    const { lines, clock, log, settings, toolbox } = this.#options;
    const tools = resolved.contextSettings?.tools ?? alwaysThere;
    const caller = registration?.caller ?? {};
    const variables = registration?.variables ?? {};
    // A script, and the last step of the ladder, end calls without being told that they may.
    const use = { callId: record.callId, caller, variables, tools: [...new Set([...tools, ...alwaysThere])] };
    const levels = this.#levels([...new Set([resolved.provider, ...resolved.fallback])]);
    const first = await this.#first(levels);
    if (isGone()) return undefined;
    const { lineRateHz } = resolved.session;
    const pick: CallOptions['pickFormat'] = (offered) => pickFormat(lineRateHz, offered);
    const input = pick(first.abilities.inputs);
    const agentEnd = new AgentEnd(sessionId, input.rateHz, first.abilities.steady ? frameMs : resolved.playoutStartMs);
    log.info({ callId: record.callId, profile: resolved.profile, context: resolved.context, chosenBy: resolved.chosenBy }, 'call started');
    const call = new Call({
      agentEnd,
      levels,
      agentRateHz: input.rateHz,
      pickFormat: pick,
      context: {
        callId: record.callId,
        greeting: resolved.contextSettings?.greeting,
        prompt: resolved.contextSettings?.prompt,
        language: resolved.contextSettings?.language,
        caller,
        variables,
        tools: toolbox.definitionsFor(tools),
      },
      record,
      turnTaking: resolved.turnTaking,
      bridgeAfterMs: settings.turn_taking.bridge_after_ms,
      lines,
      toolNames: use.tools,
      useTool: (name, args, signal) => toolbox.run(name, args, { ...use, signal }),
      hangUp,
      clock,
      log,
    });
    return { call, takesTurns: first.abilities.turnTaking !== 'none' };
  }

  /** The first level that can be had on this machine and takes calls, else the first that can be had; the chain tells of those that cannot. */
  async #first(levels: readonly ChainLevel[]): Promise<Provider> {
    let firstError: unknown;
    const open = levels.filter(({ isHeldBack }) => !isHeldBack());
    for (const { get } of [...open.filter(({ admits }) => admits()), ...open.filter(({ admits }) => !admits())]) {
      try {
        return await get();
      } catch (error) {
        firstError ??= error;
      }
    }
    throw firstError;
  }

  #levels(names: readonly string[]): ChainLevel[] {
    const { providers, ladder } = this.#options;
    return names.map((name, level) => ({
      name,
      get: () => providers.get(name),
      admits: () => !ladder.holdsBack(names, level) && providers.guardOf(name)?.admits !== false,
      isHeldBack: () => ladder.holdsBack(names, level),
    }));
  }
}
