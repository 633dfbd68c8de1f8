import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type CallerAudio, GatedAudio, StreamedAudio } from '#talkpath/providers/openai-realtime/caller-audio.js';
import { mulaw } from './bench.js';

const frameMs = 20;
const frameBytes = 160;

/** Frames that are numbered on: what is sent of them can be told. */
class Line {
  readonly sent: number[] = [];
  #last = 0;

  constructor(readonly audio: CallerAudio) {}

  hear(ms: number, speaking: boolean): this {
    for (let at = 0; at < ms; at += frameMs) {
      const frame = new Uint8Array(frameBytes).fill(this.#last % 256);
      this.#last += 1;
      this.sent.push(...this.audio.take(frame, speaking).map(([first = -1]) => first));
    }
    return this;
  }
}

test('a service that finds the turns gets everything', () => {
  const line = new Line(new StreamedAudio(mulaw)).hear(200, false).hear(100, true).hear(100, false);
  assert.is(line.sent.length, 20);
});

test('what it has not committed is worth a commit when speech has begun in it, by our ears or by its own', () => {
  const ours = new Line(new StreamedAudio(mulaw)).hear(200, false);
  assert.not(ours.audio.isWorthCommitting);
  assert.ok(ours.hear(20, true).audio.isWorthCommitting);
  const its = new Line(new StreamedAudio(mulaw)).hear(200, false);
  its.audio.speechStarted();
  assert.ok(its.audio.isWorthCommitting);
});

test('less than 100 ms is not worth a commit', () => {
  const line = new Line(new StreamedAudio(mulaw)).hear(80, true);
  assert.not(line.audio.isWorthCommitting);
  assert.ok(line.hear(20, true).audio.isWorthCommitting);
});

test('the end of speech that the service has committed is no new speech', () => {
  const line = new Line(new StreamedAudio(mulaw)).hear(500, true);
  line.audio.committed();
  line.hear(200, true).hear(300, false);
  assert.not(line.audio.isWorthCommitting);
  assert.ok(line.hear(20, true).audio.isWorthCommitting);
});

test('a service that does not find the turns gets speech, and a little before it', () => {
  const line = new Line(new GatedAudio(mulaw, 60)).hear(200, false);
  assert.equal(line.sent, []);
  line.hear(40, true);
  assert.equal(line.sent, [7, 8, 9, 10, 11]);
});

test('pauses are sent, up to a second of each', () => {
  const line = new Line(new GatedAudio(mulaw, 0)).hear(100, true).hear(3000, false);
  assert.is(line.sent.length, 5 + 50);
  line.hear(100, true);
  assert.is(line.sent.length, 5 + 50 + 5);
});

test('nothing is sent between a commit and the next speech', () => {
  const line = new Line(new GatedAudio(mulaw, 0)).hear(200, true).hear(100, false);
  assert.ok(line.audio.isWorthCommitting);
  line.audio.committed();
  assert.not(line.audio.isWorthCommitting);
  assert.is(line.hear(500, false).sent.length, 15);
});

test('a commit in the middle of speech loses nothing of it', () => {
  const line = new Line(new GatedAudio(mulaw, 0)).hear(200, true);
  line.audio.committed();
  assert.is(line.hear(100, true).hear(100, false).sent.length, 20);
  assert.ok(line.audio.isWorthCommitting);
});

test('what is held back is bounded', () => {
  const line = new Line(new GatedAudio(mulaw, 300)).hear(60_000, false).hear(20, true);
  assert.is(line.sent.length, 15 + 1);
});

test.run();
