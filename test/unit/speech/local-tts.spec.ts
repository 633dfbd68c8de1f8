import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { SpokenAudio } from '#talkpath/base/spoken-audio.js';
import type { RequestOptions } from '#talkpath/inference/inference-thread.js';
import type { TtsRequest, TtsResponse } from '#talkpath/inference/tts-messages.js';
import { LocalTts } from '#talkpath/providers/cascade/tts/local.js';
import { PreparedSpeech } from '#talkpath/providers/cascade/tts/prepared-speech.js';
import { ManualClock } from '../../support/manual-clock.js';

const rateHz = 24000;

/** A voice whose audio is its text. */
class Voice {
  readonly asked: { text: string; background: boolean }[] = [];
  failsAt: string | undefined;
  onRequest: (text: string) => void = () => {};

  async request({ text }: TtsRequest, { background = false, signal }: RequestOptions = {}): Promise<TtsResponse> {
    this.asked.push({ text, background });
    this.onRequest(text);
    if (signal?.aborted) throw signal.reason;
    if (this.failsAt === text) throw new Error('no voice');
    return { pcm: new TextEncoder().encode(text), rateHz, computeMs: 1 };
  }

  async close(): Promise<void> {}
}

const test = suite<{ folder: string; voice: Voice; open: (tier?: 'light' | 'neural') => LocalTts }>('local text to speech');

test.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'talkpath-tts-'));
  context.voice = new Voice();
  context.open = (tier = 'neural') =>
    new LocalTts(context.voice, { tier, reason: 'set' }, new PreparedSpeech(join(context.folder, 'spoken'), new ManualClock()));
});
test.after.each(({ folder }) => rmSync(folder, { recursive: true, force: true }));

const never = new AbortController().signal;

async function spokenBy(speech: AsyncIterable<SpokenAudio>): Promise<string[]> {
  const texts: string[] = [];
  for await (const { pcm } of speech) texts.push(new TextDecoder().decode(pcm));
  return texts;
}

test('a sentence comes in parts, the first of them short', async ({ open }) => {
  assert.equal(await spokenBy(open().speak('Sure, I can do that for you.', never)), ['Sure,', 'I can do that for you.']);
});

test('the light voice is quick enough to speak a sentence whole', async ({ open }) => {
  assert.equal(await spokenBy(open('light').speak('Sure, I can do that for you.', never)), ['Sure, I can do that for you.']);
});

test('an aborted sentence ends without an error, and what was not begun is never asked for', async ({ open, voice }) => {
  const abort = new AbortController();
  const pieces = open().speak('Sure, I can do that for you.', abort.signal)[Symbol.asyncIterator]();
  assert.not((await pieces.next()).done);
  abort.abort();
  assert.ok((await pieces.next()).done);
  assert.is(voice.asked.length, 1);
});

test('a sentence aborted while a part is at work ends without an error', async ({ open, voice }) => {
  const abort = new AbortController();
  voice.onRequest = () => abort.abort();
  assert.equal(await spokenBy(open().speak('Yes.', abort.signal)), []);
});

test('a voice that fails tells who wanted to hear it', async ({ open, voice }) => {
  voice.failsAt = 'Yes.';
  try {
    await spokenBy(open().speak('Yes.', never));
    assert.unreachable();
  } catch (error) {
    assert.is((error as Error).message, 'no voice');
  }
});

test('what was prepared is spoken at once, in one piece', async ({ open, voice }) => {
  const tts = open();
  await tts.prepare(['Sure, I can do that for you.']);
  const asked = voice.asked.length;
  assert.ok(voice.asked.every(({ background }) => background));
  assert.equal(await spokenBy(tts.speak('Sure, I can do that for you.', never)), ['Sure, I can do that for you.']);
  assert.is(voice.asked.length, asked);
});

test('what was prepared once is on disk for the next start', async ({ open, voice }) => {
  await open().prepare(['Good morning.', 'Goodbye.', 'Good morning.']);
  assert.is(voice.asked.length, 2);
  const later = open();
  await later.prepare(['Goodbye.', 'Good morning.']);
  assert.is(voice.asked.length, 2);
  const [piece] = [later.speak('Goodbye.', never)];
  assert.equal(await spokenBy(piece), ['Goodbye.']);
});

for (const [how, spoil] of [
  ['empty', () => Buffer.alloc(0)],
  ['zeroed', (file: Buffer) => Buffer.alloc(file.length)],
  ['cut short', (file: Buffer) => file.subarray(0, file.length - 2)],
] as const) {
  test(`a file that a power cut has left ${how} is made anew`, async ({ open, voice, folder }) => {
    await open().prepare(['Good morning.']);
    const [name = ''] = readdirSync(join(folder, 'spoken'));
    const path = join(folder, 'spoken', name);
    writeFileSync(path, spoil(readFileSync(path)));
    const later = open();
    await later.prepare(['Good morning.']);
    assert.equal(await spokenBy(later.speak('Good morning.', never)), ['Good morning.']);
    assert.is(voice.asked.length, 2, 'asked again');
  });
}

test('a sentence that cannot be prepared does not keep the others from it', async ({ open, voice }) => {
  voice.failsAt = 'One.';
  const tts = open();
  await tts.prepare(['One.', 'Two.']);
  assert.equal(await spokenBy(tts.speak('Two.', never)), ['Two.']);
  assert.is(voice.asked.length, 2);
});

test('without a disk to write to, what was prepared lasts as long as the process', async ({ open, voice, folder }) => {
  writeFileSync(join(folder, 'spoken'), 'a file where the folder should be');
  const tts = open();
  await tts.prepare(['Hello.']);
  assert.equal(await spokenBy(tts.speak('Hello.', never)), ['Hello.']);
  assert.is(voice.asked.length, 1);
});

test('nothing half-written stays on disk', async ({ open, folder }) => {
  await open().prepare(['Hello.']);
  assert.match(readdirSync(join(folder, 'spoken')).join(' '), /^[0-9a-f]{32}\.pcm$/);
});

test('a text without a word is silence', async ({ open, voice }) => {
  const tts = open();
  assert.equal(await spokenBy(tts.speak(' … ', never)), []);
  await tts.prepare(['…']);
  assert.is(voice.asked.length, 0);
});

test('after closing nothing more is prepared', async ({ open, voice }) => {
  const tts = open();
  voice.onRequest = () => void tts.close();
  await tts.prepare(['One.', 'Two.', 'Three.']);
  assert.is(voice.asked.length, 1);
});

test.run();
