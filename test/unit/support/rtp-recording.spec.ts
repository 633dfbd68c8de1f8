import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { linear16k, pcmu } from '../../support/sip/codec.js';
import { RtpRecording } from '../../support/sip/rtp-recording.js';
import { tone } from '../../support/sound.js';

const frameSamples = 160;

interface Fault {
  readonly lateMs?: number;
  readonly lost?: boolean;
}

/** A second of a tone, a packet each 20 ms, with what happens to some of them. */
function recorded(faults: Readonly<Record<number, Fault>> = {}): RtpRecording {
  const recording = new RtpRecording(pcmu);
  const sound = tone(440, 1000, 8000, -16);
  for (let i = 0; i < 50; i++) {
    const { lateMs = 0, lost = false } = faults[i] ?? {};
    if (lost) continue;
    const payload = pcmu.encode(sound.subarray(i * frameSamples, (i + 1) * frameSamples));
    recording.take(
      { payloadType: 0, marker: i === 0, sequence: 65_530 + i, timestamp: i * frameSamples, source: 1, payload },
      1000 + i * 20 + lateMs,
    );
  }
  return recording;
}

test('an even stream has gaps of 20 ms, nothing late and nothing missing', () => {
  const { packets, medianGapMs, longestGapMs, worstLateMs, missing, skippedMs, bursts } = recorded().cadence();
  assert.equal(
    { packets, medianGapMs, longestGapMs, worstLateMs, missing, skippedMs, bursts },
    {
      packets: 50,
      medianGapMs: 20,
      longestGapMs: 20,
      worstLateMs: 0,
      missing: 0,
      skippedMs: 0,
      bursts: 0,
    },
  );
});

test('a frame that comes late is measured as late, and as a burst with the next', () => {
  const { longestGapMs, worstLateMs, bursts } = recorded({ 20: { lateMs: 18 } }).cadence();
  assert.is(longestGapMs, 38);
  assert.is(worstLateMs, 18);
  assert.is(bursts, 1);
});

test('a frame that never comes is counted as missing, over the wrap of the sequence numbers too', () => {
  const { missing, skippedMs } = recorded({ 6: { lost: true }, 30: { lost: true } }).cadence();
  assert.is(missing, 2);
  assert.is(skippedMs, 40);
});

test('a lost frame leaves silence where it belongs', () => {
  const { samples } = recorded({ 10: { lost: true } }).sound();
  assert.is(samples.length, 8000);
  assert.ok(samples.subarray(10 * frameSamples, 11 * frameSamples).every((sample) => sample === 0));
  assert.ok(samples.subarray(11 * frameSamples, 12 * frameSamples).some((sample) => sample !== 0));
});

test('what is wanted is found in the first packet that has it', async () => {
  const recording = new RtpRecording(linear16k);
  const loud = recording.next((_, samples) => (samples[0] ?? 0) > 100);
  [0, 50, 200, 300].forEach((value, sequence) => {
    const payload = linear16k.encode(Int16Array.of(value));
    recording.take({ payloadType: 118, marker: false, sequence, timestamp: sequence, source: 1, payload }, sequence);
  });
  assert.is((await loud).arrivedMs, 2);
});

test('a key is heard once, from its first packet to its end, however often that is told', () => {
  const recording = recorded();
  const event = (digit: number, end: boolean): Buffer => Buffer.from([digit, end ? 0x8a : 0x0a, 0, 160]);
  const take = (payload: Buffer, timestamp: number, atMs: number) =>
    recording.take({ payloadType: 101, marker: false, sequence: 1, timestamp, source: 1, payload }, atMs);
  for (const [digit, atMs] of [
    [5, 1000],
    [11, 1500],
    [5, 2000],
  ] as const) {
    for (let i = 0; i < 8; i++) take(event(digit, false), atMs * 8, atMs + i * 20);
    for (let i = 0; i < 3; i++) take(event(digit, true), atMs * 8, atMs + 160 + i);
  }
  assert.equal(recording.digits, [
    { digit: '5', fromMs: 1000, toMs: 1160 },
    { digit: '#', fromMs: 1500, toMs: 1660 },
    { digit: '5', fromMs: 2000, toMs: 2160 },
  ]);
  assert.is(recording.packets.length, 50);
});

test.run();
