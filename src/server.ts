/**
 * Composition root of the control thread: settings in, a running talkpath out. What happens here is wiring; each
 * thing wired has a home of its own.
 */
import { createAdmin } from './admin/admin.js';
import { AsteriskLink } from './asterisk/asterisk-link.js';
import { systemClock } from './base/clock.js';
import { messageOf, TalkpathError } from './base/errors.js';
import type { Log } from './base/log.js';
import { RepeatedWarning } from './base/repeated-warning.js';
import { type Announced, Announcements, announcementLifeMs, type Registration } from './call/announcements.js';
import type { Call } from './call/call.js';
import type { AudioRecord } from './call/call-record.js';
import { CallRegistry } from './call/call-registry.js';
import { noticeTexts } from './call/line-notices.js';
import { OwnLines } from './call/own-lines.js';
import { resolveCall } from './call/plan.js';
import { CallSetup } from './call-setup.js';
import type { Settings } from './config/schema.js';
import { type LineFact, MediaLink } from './media-link.js';
import { mediaThreadData } from './media-settings.js';
import { MetricsExporter } from './metrics/exporter.js';
import { StallWatch } from './metrics/stall-watch.js';
import { isSessionGone } from './native/agent-end.js';
import { engineSnapshot, setDoorbell, startEngine, stopEngine } from './native/engine.js';
import { HealthWatch } from './providers/guard/health-watch.js';
import { Ladder } from './providers/guard/ladder.js';
import type { ToolAnswer } from './providers/provider.js';
import { ProviderBoard } from './providers/provider-board.js';
import { ProviderRegistry, providerChains } from './providers/registry.js';
import type { CallAction } from './tools/call-tools.js';
import { Toolbox } from './tools/toolbox.js';
import type { Address, RefusalReason } from './transports/transport.js';

export interface RunningServer {
  readonly audiosocket: Address;
  readonly admin: Address;
  /** Where dialplans ask by AGI(); undefined when that is off. */
  readonly agi: Address | undefined;
  /** Resolves when the media thread dies: no call can be served any more, and the process should end. */
  readonly failed: Promise<Error>;
  /** Refuses new calls, lets the calls at hand end, ends them after `graceMs`. */
  close(graceMs: number): Promise<void>;
}

const clock = systemClock;

/** Starts everything. Rejects with a TalkpathError, nothing left running. */
export async function startServer(settings: Settings, log: Log): Promise<RunningServer> {
  if (typeof settings?.audiosocket !== 'object' || typeof log?.info !== 'function') {
    throw new TalkpathError('TP_ERR_CONFIG_INVALID', 'Expected what loadSettings() or parseSettings() returns, and a log, for startServer()');
  }
  const server = new Server(settings, log);
  try {
    return await server.start();
  } catch (error) {
    await server.stop();
    throw error;
  }
}

class Server {
  readonly #settings: Settings;
  readonly #log: Log;
  readonly #registry = new CallRegistry();
  readonly #announcements = new Announcements();
  readonly #providers: ProviderRegistry;
  readonly #metrics: MetricsExporter;
  readonly #stallWatch: StallWatch;
  readonly #lines: OwnLines;
  readonly #ladder = new Ladder();
  readonly #health: HealthWatch;
  readonly #board: ProviderBoard;
  readonly #toolbox: Toolbox;
  readonly #setup: CallSetup;
  readonly #refusals: RepeatedWarning<RefusalReason>;
  readonly #media: MediaLink;
  readonly #asterisk: AsteriskLink;
  #admin: Awaited<ReturnType<typeof createAdmin>> | undefined;
  #ready = false;
  /** The engine is one a process: a server that could not start it must not stop it. */
  #ownsEngine = false;

  constructor(settings: Settings, log: Log) {
    this.#settings = settings;
    this.#log = log;
    this.#providers = new ProviderRegistry(settings.providers, clock, {
      replyOverdueMs: settings.turn_taking.reply_overdue_ms,
      greetings: Object.values(settings.contexts).flatMap(({ greeting }) => greeting || []),
      budgets: settings.budgets,
      onMade: (guard) => this.#health.watch(guard),
      onModelLoaded: (purpose, { tier, reason }) => {
        log.info({ purpose, tier, reason }, 'speech model loaded');
        if (purpose === 'tts') void this.#providers.voices().then((voices) => this.#lines.prepare(voices));
      },
    });
    this.#metrics = new MetricsExporter({
      liveCalls: () => this.#registry.liveCount,
      liveAudio: () => this.#liveAudio(),
      engine: engineSnapshot,
      recognition: () => this.#providers.recognition,
      managerConnected: () => this.#asterisk.isManagerConnected,
      providers: () => this.#board.statuses,
      ladderLevel: () => this.#ladderView().level,
    });
    this.#asterisk = new AsteriskLink({
      settings,
      clock,
      log,
      announce: (callId, registration) => this.#announce(callId, registration),
      onDialplan: (outcome) => this.#metrics.dialplanAnswered(outcome),
      onLookUp: (outcome) => this.#metrics.callLookedUp(outcome),
    });
    this.#stallWatch = new StallWatch(clock, (seconds) => this.#metrics.controlStalled(seconds));
    this.#lines = new OwnLines(settings.turn_taking);
    this.#health = new HealthWatch(clock, settings.health.probe_every_s);
    this.#board = new ProviderBoard({
      types: Object.fromEntries(Object.entries(settings.providers).map(([name, { type }]) => [name, type])),
      guardOf: (name) => this.#providers.guardOf(name),
      isOff: (name) => this.#providers.isOff(name),
      health: this.#health,
      clock,
    });
    this.#toolbox = new Toolbox(settings, { clock, log, carryOut: (action, { callId, signal }) => this.#carryOut(action, callId, signal) });
    this.#setup = new CallSetup({
      settings,
      providers: this.#providers,
      ladder: this.#ladder,
      lines: this.#lines,
      toolbox: this.#toolbox,
      clock,
      log,
    });
    this.#refusals = new RepeatedWarning(clock, (reason, times) => log.warn({ reason, times }, 'connections were turned away'));
    this.#media = new MediaLink(new URL('./media-thread.js', import.meta.url), mediaThreadData(settings), (fact) => this.#takeFact(fact));
    void this.#media.failed.then((error) => {
      this.#ready = false;
      log.error({ error: messageOf(error) }, 'the media thread failed');
    });
  }

  async start(): Promise<RunningServer> {
    const { engine } = this.#settings;
    await this.#providers.makeReady(this.#settings, (provider, error) => this.#providerMissing(provider, error));
    const voices = await this.#providers.voices();
    if (voices.length === 0)
      this.#log.warn({}, 'no voice of this machine: a late or failed reply is met with silence. Run talkpath models pull --tier light');
    this.#lines.prepare(voices);
    // A caller may fail to get a reply in the first second.
    await this.#lines.ready();
    await this.#toolbox.prepare();
    startEngine(engine);
    this.#ownsEngine = true;
    setDoorbell(() => this.#pumpCalls());
    const audiosocket = await this.#media.start();
    this.#admin = await createAdmin({
      settings: this.#settings,
      registry: this.#registry,
      metrics: this.#metrics,
      ready: () => this.#ready && this.#anyWorks(),
      board: this.#board,
      switchProvider: (name, off) => this.#switchProvider(name, off),
      ladder: {
        steps: [...new Set(providerChains(this.#settings).flat())],
        view: () => this.#ladderView(),
        set: (from) => this.#beginFrom(from),
      },
      announce: (callId, registration) => this.#announce(callId, registration),
      hangUp: (callId) => this.#hangUp(callId),
      onFault: (error) => this.#log.error({ error: error.message }, 'the admin API failed'),
    });
    const admin = await this.#admin.listen();
    const agi = await this.#asterisk.start();
    this.#stallWatch.start();
    this.#ready = true;
    return { audiosocket, admin, agi, failed: this.#media.failed, close: (graceMs) => this.#close(graceMs) };
  }

  async stop(): Promise<void> {
    this.#ready = false;
    this.#stallWatch.stop();
    await this.#admin?.close();
    await this.#asterisk.close();
    await this.#media.terminate();
    this.#refusals.stop();
    this.#health.stop();
    await this.#toolbox.close();
    await this.#providers.close();
    if (!this.#ownsEngine) return;
    setDoorbell(null);
    stopEngine();
  }

  async #close(graceMs: number): Promise<void> {
    this.#ready = false;
    await this.#media.close(graceMs);
    await this.stop();
  }

  *#liveAudio(): Iterable<readonly [string, AudioRecord]> {
    for (const call of this.#registry.liveCalls) {
      const audio = call.audio();
      if (audio) yield [call.record.callId, audio];
    }
  }

  /** Whether any call would find a provider. */
  #anyWorks(): boolean {
    return providerChains(this.#settings).some((chain) =>
      chain.some((name, level) => !this.#ladder.holdsBack(chain, level) && this.#board.conditionOf(name) === 'works'),
    );
  }

  #ladderView(): { chain: string[]; from: string | null; level: number } {
    const chain = [this.#settings.default_provider, ...this.#settings.fallback];
    const begin = Math.max(0, this.#ladder.from === undefined ? 0 : chain.indexOf(this.#ladder.from));
    return { chain, from: this.#ladder.from ?? null, level: begin + this.#board.levelOf(chain.slice(begin)) };
  }

  #beginFrom(from: string | undefined): void {
    this.#ladder.set(from);
    this.#log.warn({ from: from ?? null, ladderLevel: this.#ladderView().level }, 'calls begin here in their chains');
  }

  #switchProvider(name: string, off: boolean): void {
    this.#providers.switch(name, off);
    this.#log.info({ provider: name, off }, 'provider switched');
  }

  /** What an agent has asked the call itself, or the phone system, to do. */
  async #carryOut(action: CallAction, callId: string, signal: AbortSignal): Promise<ToolAnswer> {
    const call = this.#registry.live(callId);
    if (!call) return { text: 'The call is over.', isSpokenOf: false };
    if (action.type !== 'send-digits') return call.carryOut(action);
    const arePressed = await this.#asterisk.pressKeys(callId, action.digits, signal);
    return { text: arePressed ? 'The keys were pressed.' : 'Keys cannot be pressed here.', isSpokenOf: true };
  }

  /** Ends a call for its agent: the caller goes to the named place in the dialplan, or else on behind AudioSocket(). */
  async #end(callId: string, transferTo: string | undefined): Promise<void> {
    if (transferTo === undefined || !(await this.#asterisk.sendOn(callId, transferTo))) this.#hangUp(callId);
  }

  #hangUp(callId: string): void {
    this.#media.order({ type: 'hang-up', callId });
  }

  #pumpCalls(): void {
    if (this.#registry.liveCount > 0) this.#stallWatch.rung();
    for (const call of this.#registry.liveCalls) {
      if (this.#pump(call)) continue;
      call.record.providerFailed();
      this.#hangUp(call.record.callId);
    }
  }

  /** A fault of one call is told, and the others do not notice. */
  #pump(call: Call): boolean {
    try {
      call.pump();
      return true;
    } catch (error) {
      this.#log.error({ callId: call.record.callId, error: messageOf(error) }, 'call failed');
      return false;
    }
  }

  /** Announces a call to both threads. */
  async #announce(callId: string, registration: Registration): Promise<Announced> {
    if (!this.#ready) return 'shutting-down';
    if (this.#registry.isKnown(callId)) return 'call-exists';
    const announcement = this.#announcements.add(registration);
    if (announcement === undefined) return 'too-many';
    const { session } = resolveCall(this.#settings, registration);
    if (await this.#media.announce({ type: 'announce', announcement, callId, session, lifeMs: announcementLifeMs })) return 'announced';
    this.#announcements.take(announcement);
    return this.#ready ? 'call-exists' : 'shutting-down';
  }

  #takeFact(fact: LineFact): void {
    switch (fact.type) {
      case 'expired':
        this.#announcements.take(fact.announcement);
        break;
      case 'arrived':
        void this.#begin(fact.callId, fact.sessionId, fact.announcement === undefined ? undefined : this.#announcements.take(fact.announcement));
        break;
      case 'digit':
        this.#registry.recordAtHand(fact.callId)?.digit(fact.digit);
        break;
      case 'notice':
        this.#registry.recordAtHand(fact.callId)?.notice(fact.notice);
        this.#metrics.lineNotice(fact.notice);
        this.#log.warn({ callId: fact.callId, notice: fact.notice }, noticeTexts[fact.notice]);
        break;
      case 'ended':
        this.#ended(fact);
        break;
      case 'fault':
        this.#log.error({ callId: fact.callId, error: fact.message }, 'the engine could not open a session');
        break;
      case 'refused':
        this.#metrics.callRefused(fact.reason);
        this.#refusals.happened(fact.reason);
        break;
    }
  }

  #providerMissing(provider: string, error: unknown): void {
    this.#log.warn({ provider, error: messageOf(error) }, 'provider cannot be had');
  }

  /** `announced` is undefined for a call that nobody announced: then Asterisk is asked, where it can be. */
  async #begin(callId: string, sessionId: number, announced: Registration | undefined): Promise<void> {
    const arrived = this.#setup.arrived(callId, announced);
    const { record } = arrived;
    this.#registry.arrive(record);
    // The caller may go while the provider is made ready.
    const isGone = (): boolean => this.#registry.recordAtHand(callId) !== record;
    try {
      const found = announced ? undefined : await this.#asterisk.lookUp(callId);
      const told = found ? this.#setup.lookedUp(arrived, found) : arrived;
      const made = await this.#setup.make(told, sessionId, isGone, (ending, to) => {
        void this.#end(callId, ending === 'transfer' ? to : undefined);
      });
      if (!made) return;
      this.#registry.add(made.call);
      made.call.start(made.takesTurns);
    } catch (error) {
      // A caller who has gone meanwhile is no failure: the line's end follows, and says why.
      if (isGone() || isSessionGone(error)) return;
      this.#log.error({ callId, error: messageOf(error) }, 'call could not be set up');
      record.providerFailed();
      this.#hangUp(callId);
    }
  }

  #ended(fact: Extract<LineFact, { type: 'ended' }>): void {
    const record = this.#registry.recordAtHand(fact.callId);
    if (!record) return;
    const call = this.#registry.live(fact.callId);
    if (call) this.#pump(call);
    record.ended(fact.reason, fact.line, fact.audio);
    call?.end();
    this.#registry.finish(record);
    this.#toolbox.callEnded(fact.callId);
    this.#asterisk.callEnded(fact.callId);
    if (this.#registry.liveCount === 0) this.#stallWatch.idle();
    const view = record.view();
    this.#metrics.callEnded(view);
    this.#metrics.lineFramesDropped(fact.line.framesDropped);
    this.#log.info({ callId: fact.callId, endReason: view.endReason, durationMs: view.durationMs, gaps: view.audio?.gaps }, 'call ended');
  }
}
