import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { frameTiming, quantile } from '#talkpath/caller/call-report.js';
import { levelDbfs, SpeechIntervals } from '#talkpath/caller/speech-intervals.js';
import { tone } from '../../support/sound.js';

test('a quantile is a value that was seen', () => {
  assert.is(quantile([3, 1, 2, 4], 0.5), 2);
  assert.is(quantile([3, 1, 2, 4], 0.99), 4);
  assert.is(quantile([5], 0.5), 5);
  assert.is(quantile([], 0.5), 0);
});

test('frames that never came are counted from the time that passed', () => {
  const regular = Array.from({ length: 50 }, (_, i) => i * 20);
  assert.equal(frameTiming(regular), { received: 50, missing: 0, gapMs: { p50: 20, p99: 20, max: 20 } });
  const lossy = regular.filter((_, i) => i !== 10 && i !== 11);
  assert.equal(frameTiming(lossy), { received: 48, missing: 2, gapMs: { p50: 20, p99: 60, max: 60 } });
  assert.is(frameTiming([]).missing, 0);
  assert.is(frameTiming([7]).missing, 0);
});

test('the level of a tone is its level, and of silence none', () => {
  const pcm = new Uint8Array(tone(440, 500, 8000, -20).buffer);
  assert.ok(Math.abs(levelDbfs(pcm) - -20) < 0.3, `${levelDbfs(pcm)}`);
  assert.is(levelDbfs(new Uint8Array(320)), -100);
});

test('speech is found by level, and a short pause belongs to it', () => {
  const intervals = new SpeechIntervals();
  const loud = new Uint8Array(tone(440, 20, 8000, -20).buffer);
  const silent = new Uint8Array(320);
  const speaksAt = (atMs: number): boolean => (atMs >= 100 && atMs < 300) || (atMs >= 600 && atMs < 700) || atMs >= 1200;
  for (let atMs = 0; atMs < 1400; atMs += 20) intervals.take(speaksAt(atMs) ? loud : silent, atMs);
  assert.equal(intervals.intervals, [
    { startMs: 100, endMs: 700 },
    { startMs: 1200, endMs: 1400 },
  ]);
  assert.is(intervals.silentForMs(1900), 500);
  assert.is(new SpeechIntervals().silentForMs(10), undefined);
});

test('frames that come late are not missing, be they the last', () => {
  const late = Array.from({ length: 100 }, (_, i) => i * 20 + (i > 95 ? 180 : 0));
  assert.is(frameTiming(late).missing, 0);
  assert.is(frameTiming(late.filter((_, i) => i !== 60)).missing, 1);
});

test.run();
