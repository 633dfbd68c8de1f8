import { Counter, Gauge, Histogram, type Metric, Registry } from 'prom-client';
import type { AudioRecord, CallRecordView } from '../call/call-record.js';
import type { EngineSnapshot } from '../native/addon.js';
import { AudioAccount } from './audio-account.js';
import { catalogue, type MetricName } from './catalogue.js';
import { NativeHistogram } from './native-histogram.js';

const latencyBuckets = [0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9, 1.2, 1.6, 2.5, 4, 8];
const durationBuckets = [5, 15, 30, 60, 120, 300, 600, 1800];
const stallBuckets = [0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2];

/** Where the exporter looks when it is asked. */
export interface MetricSources {
  readonly liveCalls: () => number;
  /** Of each call that has its session: its id and its counters so far. */
  readonly liveAudio: () => Iterable<readonly [string, AudioRecord]>;
  readonly engine: () => EngineSnapshot | undefined;
  readonly recognition: () => readonly RecognitionLoad[];
  /** Of Asterisk; undefined where it is not set. */
  readonly managerConnected: () => boolean | undefined;
  readonly providers: () => readonly ProviderReading[];
  readonly ladderLevel: () => number;
}

/** How a provider is. */
export interface ProviderReading {
  readonly name: string;
  readonly condition: string;
  readonly sessions: number;
}

/** How busy the local recognisers are. */
export interface RecognitionLoad {
  readonly tier: string;
  readonly waiting: number;
  readonly expectedWaitMs: number;
  readonly refused: number;
}

/** One sample of a gauge. */
interface Reading {
  readonly labels: Record<string, string>;
  readonly value: number;
}

/** The one sample of a gauge without labels. */
const alone = (value: number): readonly Reading[] => [{ labels: {}, value }];

/** Counts what happens and renders it for Prometheus, as OpenMetrics. Thread: control. */
export class MetricsExporter {
  readonly #registry = new Registry<typeof Registry.OPENMETRICS_CONTENT_TYPE>();
  readonly #counters = new Map<MetricName, Counter>();
  readonly #histograms = new Map<MetricName, Histogram>();
  readonly #audio = new AudioAccount();
  readonly #sources: MetricSources;

  constructor(sources: MetricSources) {
    const { liveCalls, engine, recognition, managerConnected, providers, ladderLevel } = sources;
    this.#sources = sources;
    this.#registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
    const registers = [this.#registry];
    for (const [name, { type, help, labels }] of Object.entries(catalogue) as [MetricName, (typeof catalogue)[MetricName]][]) {
      const labelNames = [...labels];
      if (type === 'counter') {
        const counter = new Counter({ name, help, labelNames, registers });
        if (labelNames.length === 0) counter.inc(0);
        this.#counters.set(name, counter);
      }
    }
    this.#histogram('talkpath_call_duration_seconds', durationBuckets);
    this.#histogram('talkpath_reply_latency_seconds', latencyBuckets);
    this.#histogram('talkpath_barge_in_stop_seconds', latencyBuckets);
    this.#histogram('talkpath_control_stall_seconds', stallBuckets);
    this.#gauge('talkpath_calls_live', () => alone(liveCalls()));
    const ofEach = (value: (load: RecognitionLoad) => number) => () =>
      recognition().map((load) => ({ labels: { tier: load.tier }, value: value(load) }));
    this.#gauge(
      'talkpath_recognition_waiting',
      ofEach(({ waiting }) => waiting),
    );
    this.#gauge(
      'talkpath_recognition_expected_wait_seconds',
      ofEach(({ expectedWaitMs }) => expectedWaitMs / 1000),
    );
    this.#gauge('talkpath_asterisk_connected', () => {
      const connected = managerConnected();
      return connected === undefined ? [] : [{ labels: { interface: 'manager' }, value: Number(connected) }];
    });
    const ofProvider = (value: (provider: ProviderReading) => number) => () =>
      providers().map((provider) => ({ labels: { provider: provider.name }, value: value(provider) }));
    this.#gauge(
      'talkpath_provider_up',
      ofProvider(({ condition }) => (condition === 'works' ? 1 : 0)),
    );
    this.#gauge(
      'talkpath_provider_sessions',
      ofProvider(({ sessions }) => sessions),
    );
    this.#gauge('talkpath_ladder_level', () => alone(ladderLevel()));
    this.#gauge('talkpath_process_resident_memory_bytes', () => alone(process.memoryUsage.rss()));
    this.#gauge('talkpath_process_heap_used_bytes', () => alone(process.memoryUsage().heapUsed));
    this.#gauge('talkpath_engine_sessions', () => alone(engine()?.sessions ?? 0));
    this.#register(new NativeHistogram('talkpath_engine_tick_lateness_seconds', engine, (snapshot) => snapshot.tickLateness));
    this.#register(new NativeHistogram('talkpath_engine_tick_duration_seconds', engine, (snapshot) => snapshot.tickDuration));
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  render(): Promise<string> {
    for (const [callId, audio] of this.#sources.liveAudio()) this.#countAudio(callId, audio);
    // Counted where they are refused: here they are only copied.
    this.#counters.get('talkpath_recognition_refused_total')?.reset();
    for (const { tier, refused } of this.#sources.recognition()) this.#count('talkpath_recognition_refused_total', refused, { tier });
    return this.#registry.metrics();
  }

  callRefused(reason: string): void {
    this.#count('talkpath_calls_refused_total', 1, { reason });
  }

  lineNotice(notice: string): void {
    this.#count('talkpath_line_notices_total', 1, { notice });
  }

  dialplanAnswered(outcome: string): void {
    this.#count('talkpath_dialplan_requests_total', 1, { outcome });
  }

  callLookedUp(outcome: string): void {
    this.#count('talkpath_call_lookups_total', 1, { outcome });
  }

  controlStalled(seconds: number): void {
    this.#histograms.get('talkpath_control_stall_seconds')?.observe(seconds);
  }

  callEnded(call: CallRecordView): void {
    const { provider, profile } = call.plan;
    this.#count('talkpath_calls_total', 1, { provider, profile, end_reason: call.endReason ?? 'unknown' });
    this.#observe('talkpath_call_duration_seconds', call.durationMs / 1000, provider);
    for (const turn of call.turns) {
      if (turn.replyLatencyMs !== undefined) this.#observe('talkpath_reply_latency_seconds', turn.replyLatencyMs / 1000, provider);
      if (turn.bargeInStopMs !== undefined) this.#observe('talkpath_barge_in_stop_seconds', turn.bargeInStopMs / 1000, provider);
      if (turn.cause === 'fallback') this.#count('talkpath_fallback_lines_total', 1, { provider });
    }
    this.#countProviders(call);
    if (call.audio) this.#countAudio(call.callId, call.audio);
    this.#audio.forget(call.callId);
  }

  #countProviders({ plan, providers, providerFailures, bridgeLines, usage, cost }: CallRecordView): void {
    for (const { provider } of providers.slice(1)) this.#count('talkpath_take_overs_total', 1, { provider });
    for (const { provider, code } of providerFailures) this.#count('talkpath_provider_failures_total', 1, { provider, code });
    if (bridgeLines > 0) this.#count('talkpath_bridge_lines_total', bridgeLines, { provider: plan.provider });
    for (const [provider, amounts] of Object.entries(usage)) {
      for (const [unit, amount] of Object.entries(amounts)) this.#count('talkpath_usage_total', amount, { provider, unit });
    }
    for (const [provider, amount] of Object.entries(cost?.byProvider ?? {})) {
      this.#count('talkpath_cost_total', amount, { provider, currency: cost?.currency ?? '' });
    }
  }

  lineFramesDropped(frames: number): void {
    this.#count('talkpath_line_frames_dropped_total', frames, {});
  }

  #countAudio(callId: string, audio: AudioRecord): void {
    const news = this.#audio.news(callId, audio);
    this.#count('talkpath_line_frames_total', news.frames, {});
    this.#count('talkpath_concealed_seconds_total', news.concealedSeconds, {});
    this.#count('talkpath_concealment_events_total', news.concealmentEvents, {});
    this.#count('talkpath_trimmed_seconds_total', news.trimmedSeconds, {});
    this.#count('talkpath_stretched_seconds_total', news.stretchedSeconds, {});
    this.#count('talkpath_line_missing_seconds_total', news.missingSeconds, {});
    for (const [cause, { episodes, seconds }] of Object.entries(news.gaps)) {
      this.#count('talkpath_gap_episodes_total', episodes, { cause });
      this.#count('talkpath_gap_seconds_total', seconds, { cause });
    }
  }

  #count(name: MetricName, amount: number, labels: Record<string, string>): void {
    this.#counters.get(name)?.inc(labels, amount);
  }

  #observe(name: MetricName, value: number, provider: string): void {
    this.#histograms.get(name)?.observe({ provider }, value);
  }

  #histogram(name: MetricName, buckets: number[]): void {
    const { help, labels } = catalogue[name];
    this.#histograms.set(name, new Histogram({ name, help, labelNames: [...labels], buckets, registers: [this.#registry] }));
  }

  #gauge(name: MetricName, read: () => readonly Reading[]): void {
    const { help, labels } = catalogue[name];
    new Gauge({
      name,
      help,
      labelNames: [...labels],
      registers: [this.#registry],
      collect() {
        this.reset();
        for (const { labels, value } of read()) this.set(labels, value);
      },
    });
  }

  #register(histogram: NativeHistogram): void {
    this.#registry.registerMetric(histogram as unknown as Metric);
  }
}
