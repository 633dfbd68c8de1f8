import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { EncodedAudioDetector } from '#talkpath/transports/audiosocket/encoded-audio-detector.js';
import { seededRandom } from '../../../support/sound.js';

interface Line {
  /** Bytes of one frame, and how far apart two frames are. */
  readonly bytes: number;
  readonly everyMs: number;
  readonly lossShare?: number;
  readonly jitterMs?: number;
  /** So many frames come at once. */
  readonly burst?: number;
  readonly kind?: number;
}

/** When the detector notices the line to be encoded, in seconds; undefined if it does not within `seconds`. */
function noticedAfterS({ bytes, everyMs, lossShare = 0, jitterMs = 0, burst = 1, kind = 0x10 }: Line, seconds = 60, seed = 1): number | undefined {
  const detector = new EncodedAudioDetector();
  const random = seededRandom(seed);
  let lastMs = 0;
  for (let frame = 0; frame * everyMs < seconds * 1000; frame += 1) {
    if (random() < lossShare) continue;
    const dueMs = (Math.floor(frame / burst) + 1) * burst * everyMs;
    // A line delivers in order: a late frame holds up those behind it.
    lastMs = Math.max(lastMs, dueMs + random() * jitterMs);
    if (detector.takes(kind, bytes, lastMs)) return lastMs / 1000;
  }
  return undefined;
}

const encoded: Record<string, Line> = {
  'µ-law in frames of 20 ms': { bytes: 160, everyMs: 20 },
  'µ-law in frames of 10 ms': { bytes: 80, everyMs: 10 },
  'µ-law in frames of 60 ms': { bytes: 480, everyMs: 60 },
  'µ-law with the jitter of a loaded Asterisk': { bytes: 160, everyMs: 20, jitterMs: 8 },
  'µ-law of which some frames are lost': { bytes: 160, everyMs: 20, lossShare: 0.03 },
};

for (const [what, line] of Object.entries(encoded)) {
  test(`${what} is noticed within 4 to 6 s`, () => {
    const afterS = noticedAfterS(line);
    assert.ok(afterS !== undefined && afterS >= 3.9 && afterS <= 6.2, `after ${afterS} s`);
  });
}

const linear: Record<string, Line> = {
  'linear audio in frames of 20 ms': { bytes: 320, everyMs: 20 },
  'linear audio in frames of 10 ms, as long as an encoded one of 20': { bytes: 160, everyMs: 10 },
  'linear audio in frames of 60 ms': { bytes: 960, everyMs: 60 },
  'linear audio with 60 ms of jitter': { bytes: 320, everyMs: 20, jitterMs: 60 },
  'linear audio in bursts of five frames': { bytes: 320, everyMs: 20, burst: 5 },
  'linear audio in frames of 10 ms and bursts of four': { bytes: 160, everyMs: 10, burst: 4 },
};

for (const [what, line] of Object.entries(linear)) {
  test(`${what} is not taken for encoded`, () => {
    assert.is(noticedAfterS(line), undefined);
  });
}

test('linear audio that lost any share of its frames is not taken for encoded, with jitter and without', () => {
  const mistaken: string[] = [];
  for (const everyMs of [10, 20, 60]) {
    for (let lossShare = 0.4; lossShare < 0.61; lossShare += 0.02) {
      for (const jitterMs of [0, 5, 15]) {
        for (const seed of [1, 2, 3]) {
          const afterS = noticedAfterS({ bytes: everyMs * 16, everyMs, lossShare, jitterMs }, 60, seed);
          if (afterS !== undefined) mistaken.push(`ptime ${everyMs}, ${Math.round(lossShare * 100)} % lost, jitter ${jitterMs}: after ${afterS} s`);
        }
      }
    }
  }
  assert.equal(mistaken, []);
});

test('linear audio that loses exactly every second frame cannot be told from encoded frames of twice the length', () => {
  const detector = new EncodedAudioDetector();
  let noticed = false;
  // 320 bytes every 40 ms are 8,000 bytes a second, each frame exactly where an encoded one of 40 ms would be.
  for (let atMs = 0; atMs < 10_000; atMs += 40) noticed = detector.takes(0x10, 320, atMs) || noticed;
  assert.ok(noticed, 'the limit of what bytes and times tell');
});

test('other kinds are never taken for encoded', () => {
  assert.is(noticedAfterS({ bytes: 160, everyMs: 20, kind: 0x12 }), undefined);
});

test('a line that falls silent is not taken for encoded, and encoded audio after the pause is', () => {
  const detector = new EncodedAudioDetector();
  let noticedMs: number | undefined;
  const frame = (atMs: number): void => {
    if (detector.takes(0x10, 160, atMs)) noticedMs ??= atMs;
  };
  for (let atMs = 0; atMs < 1500; atMs += 20) frame(atMs);
  for (let atMs = 30_000; atMs < 40_000; atMs += 20) frame(atMs);
  assert.ok(noticedMs !== undefined && noticedMs > 33_900 && noticedMs < 36_100, `at ${noticedMs} ms`);
});

test.run();
