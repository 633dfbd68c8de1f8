import { pcm16 } from '#talkpath/base/audio-format.js';
import { silentLog } from '#talkpath/base/log.js';
import { Call } from '#talkpath/call/call.js';
import { CallRecord } from '#talkpath/call/call-record.js';
import type { SpokenLine } from '#talkpath/call/own-lines.js';
import { pickFormat } from '#talkpath/call/plan.js';
import type { TurnTaking } from '#talkpath/conversation/machine.js';
import type { AgentEnd, SessionEvent } from '#talkpath/native/agent-end.js';
import type { ConnectOptions, Provider, ProviderAbilities, ProviderSession, ToolAnswer } from '#talkpath/providers/provider.js';
import { callContext } from './call-context.js';
import { usualPlan } from './call-plan.js';
import { ManualClock } from './manual-clock.js';

/** What went into the engine, in order: "audio 1 320", "end 1", "pause", "flush 1". */
export class FakeAgentEnd {
  readonly done: string[] = [];
  readonly events: SessionEvent[] = [];
  heard: Uint8Array = new Uint8Array(0);
  released = false;

  push(turn: number, pcm: Uint8Array, _rateHz: number, endsReply: boolean): number {
    this.done.push(endsReply ? `end ${turn}` : `audio ${turn} ${pcm.byteLength}`);
    return pcm.byteLength;
  }

  command(type: string, turn = 0): void {
    this.done.push(turn > 0 ? `${type} ${turn}` : type);
  }

  nextEvent(): SessionEvent | undefined {
    return this.events.shift();
  }

  drain(bytes: Uint8Array): number {
    const count = this.heard.byteLength;
    bytes.set(this.heard);
    this.heard = new Uint8Array(0);
    return count;
  }

  snapshot(): undefined {
    return undefined;
  }

  release(): void {
    this.released = true;
  }
}

/** A provider that does nothing of its own accord; it writes down what it is asked, and the test speaks for it. */
export class FakeProvider implements Provider {
  readonly name: string;
  readonly abilities: ProviderAbilities;
  readonly asked: string[] = [];
  options: ConnectOptions | undefined;
  connects = 0;
  /** Whether its guard says that it would take a call. */
  admits = true;
  isHeldBack = false;
  /** What connect() waits for, or fails with. */
  connecting: Promise<void> = Promise.resolve();
  /** What it does the moment it is asked for a reply. */
  whenAsked: (turn: number) => void = () => {};

  constructor(turnTaking: ProviderAbilities['turnTaking'] = 'ours', name = 'fake') {
    this.name = name;
    this.abilities = { inputs: [pcm16(8000)], outputs: [pcm16(8000)], turnTaking };
  }

  async connect(options: ConnectOptions): Promise<ProviderSession> {
    this.options = options;
    this.connects += 1;
    await this.connecting;
    return {
      sendAudio: (audio, speaking) => void this.asked.push(`audio ${audio.byteLength} ${speaking ? 'speaking' : 'silent'}`),
      requestReply: (turn, cause, last) => {
        this.asked.push(`request ${turn} ${cause}${last ? ' last' : ''}`);
        this.whenAsked(turn);
      },
      cancelReply: (turn, { ms, text, before }) =>
        void this.asked.push(`cancel ${turn} after ${ms} "${text}"${before === undefined ? '' : ` before "${before}"`}`),
      answerTool: (id, { text }) => void this.asked.push(`tool ${id} ${text}`),
      close: () => void this.asked.push('close'),
    };
  }
}

export const turnTaking: TurnTaking = {
  silenceMs: 400,
  bargeIn: true,
  bargeInConfirmMs: 250,
  maxSpeechMs: 30_000,
  replyOverdueMs: 4000,
  playoutStalledMs: 2000,
  noInputMs: 8000,
  maxNoInputs: 2,
  maxFailures: 2,
  maxToolRounds: 5,
};

interface BenchOptions {
  readonly provider?: FakeProvider;
  /** Further down the ladder. */
  readonly others?: readonly FakeProvider[];
  readonly greeting?: string;
  readonly line?: SpokenLine;
  readonly bridge?: SpokenLine;
  readonly bridgeAfterMs?: number;
}

/** One call with both of its ends in the test's hands. */
export class CallBench {
  readonly clock = new ManualClock();
  readonly agentEnd = new FakeAgentEnd();
  readonly provider: FakeProvider;
  readonly call: Call;
  hangUps = 0;
  /** Where the call went then. */
  transferTo: string | undefined;
  /** What the agent has had done in the world, and what comes of it. */
  readonly toolsUsed: string[] = [];
  toolSignal: AbortSignal | undefined;
  toolAnswer: Promise<ToolAnswer> = Promise.resolve({ text: 'done', isSpokenOf: true });

  constructor({ provider = new FakeProvider(), others = [], greeting = 'Hello.', line, bridge, bridgeAfterMs = 60_000 }: BenchOptions = {}) {
    this.provider = provider;
    const plan = usualPlan('fake');
    this.call = new Call({
      agentEnd: this.agentEnd as unknown as AgentEnd,
      levels: [provider, ...others].map((level) => ({
        name: level.name,
        get: async () => level,
        admits: () => level.admits,
        isHeldBack: () => level.isHeldBack,
      })),
      agentRateHz: 8000,
      pickFormat: (offered) => pickFormat(8000, offered),
      context: callContext({ greeting }),
      record: new CallRecord('call', plan, this.clock),
      turnTaking,
      bridgeAfterMs,
      lines: { fallback: () => line, bridge: () => bridge },
      toolNames: ['hang_up', 'transfer', 'book', 'weather'],
      useTool: (name, args, signal) => {
        this.toolSignal = signal;
        this.toolsUsed.push(`${name} ${JSON.stringify(args)}`);
        if (name === 'hang_up') return Promise.resolve(this.call.carryOut({ type: 'hang-up' }));
        if (name === 'transfer') return Promise.resolve(this.call.carryOut({ type: 'transfer', to: args.to as string | undefined }));
        return this.toolAnswer;
      },
      hangUp: (_ending, to) => {
        this.hangUps += 1;
        this.transferTo = to;
      },
      clock: this.clock,
      log: silentLog,
    });
  }

  /** Starts the call and lets the provider connect. */
  async start(): Promise<void> {
    this.call.start(this.provider.abilities.turnTaking !== 'none');
    await settled();
  }

  /** The engine reports. */
  reports(...events: readonly SessionEvent[]): void {
    this.agentEnd.events.push(...events);
    this.call.pump();
  }

  speech(what: 'started' | 'ended', agoMs = 0): void {
    this.reports({ type: `speech-${what}`, atMs: this.clock.nowMs(), agoMs, streamMs: 0 });
  }

  playout(what: 'started' | 'progressed' | 'paused' | 'ended' | 'flushed', turn: number, playedMs = 0): void {
    this.reports({ type: `playout-${what}`, atMs: this.clock.nowMs(), turn, playedMs });
  }

  /** What was done since the last look, to the provider and to the engine. */
  taken(): { provider: string[]; engine: string[] } {
    return { provider: this.provider.asked.splice(0), engine: this.agentEnd.done.splice(0) };
  }
}

/** Everything that promises have waiting has run. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
