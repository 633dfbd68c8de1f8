import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { pcm16 } from '#talkpath/base/audio-format.js';
import { type AudioRecord, CallRecord, type CallRecordView } from '#talkpath/call/call-record.js';
import { catalogue } from '#talkpath/metrics/catalogue.js';
import { type MetricSources, MetricsExporter } from '#talkpath/metrics/exporter.js';
import type { EngineSnapshot } from '#talkpath/native/addon.js';
import { usualPlan } from '../../support/call-plan.js';
import { ManualClock } from '../../support/manual-clock.js';
import { type Family, parseOpenMetrics } from '../../support/open-metrics.js';

const engine: EngineSnapshot = {
  sessions: 2,
  sessionsCreated: 9,
  tickLateness: [
    { counts: [5, 0, 2, 1], sumSeconds: 0.01, maxSeconds: 0.02 },
    { counts: [0, 0, 0, 0], sumSeconds: 0, maxSeconds: 0 },
  ],
  tickDuration: [{ counts: [1, 1, 1, 0], sumSeconds: 0.001, maxSeconds: 0.001 }],
  bucketBoundsSeconds: [0.0001, 0.001, 0.01],
};

const noGap = { episodes: 0, ms: 0 };

function endedCall(callId: string): CallRecordView {
  const clock = new ManualClock();
  const plan = usualPlan('echo');
  const prices = { currency: 'EUR', providers: { cloud: { output_audio_tokens: 20, stt_seconds: 0.5 } } };
  const record = new CallRecord(callId, plan, clock, prices);
  record.turn(1, 'greeting');
  record.turn(2).replyLatencyMs = 650;
  record.turn(2).bargeInStopMs = 80;
  record.turn(3, 'fallback');
  record.providerTaken('echo', 0, pcm16(8000), pcm16(8000));
  record.providerLost('echo', 'TP_ERR_PROVIDER_LOST', true);
  record.providerTaken('cloud', 1, pcm16(8000), pcm16(8000));
  record.bridged();
  record.used('cloud', { output_audio_tokens: 500_000, stt_seconds: 30 });
  clock.advance(12_000);
  record.ended('caller-hung-up', undefined, {
    lineSamplesIn: 1,
    lineSamplesDropped: 0,
    lineMsMissing: 2500,
    lineMsSurplus: 0,
    agentSamplesDropped: 0,
    eventsLost: 0,
    framesOut: 600,
    framesAudible: 300,
    playoutDepthMs: 0,
    playoutStartMs: 20,
    concealedMs: 40,
    concealmentEvents: 3,
    trimmedMs: 250,
    stretchedMs: 20,
    gaps: [noGap, { episodes: 2, ms: 500 }, noGap, noGap, noGap],
  });
  return record.view();
}

const exporter = (): MetricsExporter =>
  new MetricsExporter({
    liveCalls: () => 3,
    liveAudio: () => [],
    engine: () => engine,
    recognition: () => [{ tier: 'neural', waiting: 2, expectedWaitMs: 300, refused: 1 }],
    managerConnected: () => true,
    providers: () => [
      { name: 'echo', condition: 'works', sessions: 1 },
      { name: 'cloud', condition: 'fails', sessions: 0 },
    ],
    ladderLevel: () => 1,
  });

/** Where nothing is to be seen. */
const nothing: MetricSources = {
  liveCalls: () => 0,
  liveAudio: () => [],
  engine: () => undefined,
  recognition: () => [],
  managerConnected: () => undefined,
  providers: () => [],
  ladderLevel: () => 0,
};

async function rendered(metrics: MetricsExporter): Promise<Map<string, Family>> {
  return parseOpenMetrics(await metrics.render());
}

/** Value of the one sample with these labels. */
function value(families: Map<string, Family>, name: string, labels: Record<string, string> = {}): number | undefined {
  const samples = [...families.values()].flatMap((family) => family.samples).filter((sample) => sample.name === name);
  return samples.find((sample) => Object.entries(labels).every(([label, text]) => sample.labels[label] === text))?.value;
}

test('an exporter that has seen nothing renders well-formed OpenMetrics', async () => {
  const metrics = exporter();
  assert.match(metrics.contentType, /^application\/openmetrics-text; version=1\.0\.0/);
  await rendered(metrics);
  await rendered(new MetricsExporter(nothing));
});

test('every metric of the catalogue is exported as what it is said to be, and no other', async () => {
  const families = await rendered(exporter());
  const declared = Object.entries(catalogue).map(([name, { type, help }]) => [type === 'counter' ? name.replace(/_total$/, '') : name, type, help]);
  const exported = [...families.values()].map(({ name, type, help }) => [name, type, help]);
  assert.equal(exported.sort(), declared.sort());
});

test('names of metrics are in base units and say what they are', () => {
  for (const [name, { type, labels }] of Object.entries(catalogue)) {
    assert.match(name, /^talkpath_[a-z_]+$/);
    assert.not.match(name, /_(ms|milliseconds|minutes|percent|kb|kilobytes)(_|$)/);
    assert.is(name.endsWith('_total'), type === 'counter', name);
    if (type === 'histogram') assert.match(name, /_(seconds|bytes)$/);
    for (const label of labels) assert.not.match(label, /call|uuid|number|caller/, `${name} must not carry ${label}`);
  }
});

test('an interface of Asterisk that is not set is not said to be lost, and one that is lost is', async () => {
  for (const [isConnected, expected] of [
    [undefined, undefined],
    [true, 1],
    [false, 0],
  ] as const) {
    const metrics = new MetricsExporter({ ...nothing, managerConnected: () => isConnected });
    assert.is(value(await rendered(metrics), 'talkpath_asterisk_connected', { interface: 'manager' }), expected);
  }
});

test('samples carry the labels of the catalogue, and no call id', async () => {
  const metrics = exporter();
  metrics.callEnded(endedCall('40325ec2-5efd-4bd3-805f-53576e581d13'));
  metrics.callRefused('not-registered');
  metrics.lineNotice('bad-dtmf');
  metrics.dialplanAnswered('refused:unknown-context');
  metrics.callLookedUp('not-found');
  metrics.controlStalled(0.5);
  assert.not.match(await metrics.render(), /40325ec2/);
  for (const { name, type, samples } of (await rendered(metrics)).values()) {
    const { labels } = catalogue[(type === 'counter' ? `${name}_total` : name) as keyof typeof catalogue];
    for (const sample of samples) {
      const { le: _le, ...own } = sample.labels;
      assert.equal(Object.keys(own).sort(), [...labels].sort(), sample.name);
    }
  }
});

test('a call that ended is counted with all that its record says', async () => {
  const metrics = exporter();
  metrics.callEnded(endedCall('a'));
  metrics.callEnded(endedCall('b'));
  metrics.lineFramesDropped(7);
  const families = await rendered(metrics);
  const expected: [string, Record<string, string>, number][] = [
    ['talkpath_calls_total', { provider: 'echo', profile: 'telephony', end_reason: 'caller-hung-up' }, 2],
    ['talkpath_calls_live', {}, 3],
    ['talkpath_provider_up', { provider: 'echo' }, 1],
    ['talkpath_provider_up', { provider: 'cloud' }, 0],
    ['talkpath_provider_sessions', { provider: 'echo' }, 1],
    ['talkpath_ladder_level', {}, 1],
    ['talkpath_take_overs_total', { provider: 'cloud' }, 2],
    ['talkpath_provider_failures_total', { provider: 'echo', code: 'TP_ERR_PROVIDER_LOST' }, 2],
    ['talkpath_bridge_lines_total', { provider: 'echo' }, 2],
    ['talkpath_usage_total', { provider: 'cloud', unit: 'output_audio_tokens' }, 1_000_000],
    ['talkpath_cost_total', { provider: 'cloud', currency: 'EUR' }, 20.5],
    ['talkpath_call_duration_seconds_sum', { provider: 'echo' }, 24],
    ['talkpath_reply_latency_seconds_count', { provider: 'echo' }, 2],
    ['talkpath_reply_latency_seconds_sum', { provider: 'echo' }, 1.3],
    ['talkpath_reply_latency_seconds_bucket', { le: '0.7' }, 2],
    ['talkpath_reply_latency_seconds_bucket', { le: '0.5' }, 0],
    ['talkpath_barge_in_stop_seconds_sum', {}, 0.16],
    ['talkpath_fallback_lines_total', { provider: 'echo' }, 2],
    ['talkpath_line_frames_total', {}, 1200],
    ['talkpath_line_frames_dropped_total', {}, 7],
    ['talkpath_gap_episodes_total', { cause: 'control-stalled' }, 4],
    ['talkpath_gap_seconds_total', { cause: 'control-stalled' }, 1],
    ['talkpath_gap_seconds_total', { cause: 'set-up' }, 0],
    ['talkpath_concealed_seconds_total', {}, 0.08],
    ['talkpath_concealment_events_total', {}, 6],
    ['talkpath_trimmed_seconds_total', {}, 0.5],
    ['talkpath_stretched_seconds_total', {}, 0.04],
    ['talkpath_line_missing_seconds_total', {}, 5],
    ['talkpath_recognition_waiting', { tier: 'neural' }, 2],
    ['talkpath_recognition_expected_wait_seconds', { tier: 'neural' }, 0.3],
    ['talkpath_recognition_refused_total', { tier: 'neural' }, 1],
  ];
  for (const [name, labels, amount] of expected)
    assert.is(Number(value(families, name, labels)?.toFixed(6)), amount, `${name} ${JSON.stringify(labels)}`);
});

test('the audio of a call counts while it lasts, and each frame and gap once', async () => {
  const call = endedCall('a');
  const half = {
    ...(call.audio as AudioRecord),
    framesOut: 200,
    gaps: { ...call.audio?.gaps, 'control-stalled': { episodes: 1, ms: 100 } },
  } as AudioRecord;
  let live: [string, AudioRecord][] = [['a', half]];
  const metrics = new MetricsExporter({
    liveCalls: () => 1,
    liveAudio: () => live,
    engine: () => engine,
    recognition: () => [],
    managerConnected: () => undefined,
    providers: () => [],
    ladderLevel: () => 0,
  });
  for (let look = 0; look < 2; look += 1) {
    const families = await rendered(metrics);
    assert.is(value(families, 'talkpath_line_frames_total'), 200);
    assert.is(value(families, 'talkpath_gap_episodes_total', { cause: 'control-stalled' }), 1);
  }
  live = [];
  metrics.callEnded(call);
  const families = await rendered(metrics);
  assert.is(value(families, 'talkpath_line_frames_total'), 600);
  assert.is(value(families, 'talkpath_gap_seconds_total', { cause: 'control-stalled' }), 0.5);
});

test('counters without labels stand at 0 before anything happens', async () => {
  assert.is(value(await rendered(exporter()), 'talkpath_line_frames_dropped_total'), 0);
});

test("the engine's histograms are cumulative, one for each worker", async () => {
  const families = await rendered(exporter());
  const lateness = (le: string): number | undefined => value(families, 'talkpath_engine_tick_lateness_seconds_bucket', { worker: '0', le });
  assert.equal(['0.0001', '0.001', '0.01', '+Inf'].map(lateness), [5, 5, 7, 8]);
  assert.is(value(families, 'talkpath_engine_tick_lateness_seconds_count', { worker: '0' }), 8);
  assert.is(value(families, 'talkpath_engine_tick_lateness_seconds_sum', { worker: '0' }), 0.01);
  assert.is(value(families, 'talkpath_engine_tick_lateness_seconds_count', { worker: '1' }), 0);
  assert.is(value(families, 'talkpath_engine_tick_duration_seconds_bucket', { worker: '0', le: '0.01' }), 3);
  assert.is(value(families, 'talkpath_engine_sessions'), 2);
});

test('a label with quotes, backslashes and line breaks stays one label', async () => {
  const metrics = exporter();
  metrics.callRefused('a"b\\c\nd');
  const families = await rendered(metrics);
  assert.is(value(families, 'talkpath_calls_refused_total', { reason: 'a\\"b\\\\c\\nd' }), 1);
});

test.run();
