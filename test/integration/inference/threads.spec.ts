import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Worker } from 'node:worker_threads';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { TalkpathError } from '#talkpath/base/errors.js';
import { createLocalStt, type LocalStt } from '#talkpath/providers/cascade/stt/local.js';
import { createLocalTts, type LocalTts } from '#talkpath/providers/cascade/tts/local.js';
import { within } from '../../support/deadline.js';
import { collected, heardOverThePhone, overThePhone, sayTo } from '../../support/phone-speech.js';
import { haveModels } from '../../support/speech-models.js';
import { wordErrors } from '../../support/word-errors.js';

const deadlineMs = 60_000;
const sentence = 'Please transfer me to the billing department.';
const never = new AbortController().signal;

/** The threads that `start` starts. */
async function withThreads<T>(start: () => Promise<T>): Promise<{ started: T; threads: Worker[] }> {
  const threads: Worker[] = [];
  const note = (worker: Worker): void => void threads.push(worker);
  process.on('worker', note);
  try {
    return { started: await start(), threads };
  } finally {
    process.off('worker', note);
  }
}

async function codeOf(promise: Promise<unknown>): Promise<string | undefined> {
  try {
    await promise;
    return undefined;
  } catch (error) {
    assert.instance(error, TalkpathError);
    return (error as TalkpathError).code;
  }
}

const ready = await haveModels(['stt', 'light'], ['tts', 'light']);
const test = suite<{ stt: LocalStt; tts: LocalTts; sttThread: Worker; ttsThread: Worker }>('inference threads');

const wherePossible = ready ? test : test.skip;

test.before.each(async (context) => {
  const ears = await withThreads(() => createLocalStt({ tier: 'light' }));
  const voice = await withThreads(() => createLocalTts({ tier: 'light' }));
  assert.is(ears.threads.length + voice.threads.length, 2);
  Object.assign(context, { stt: ears.started, tts: voice.started, sttThread: ears.threads[0], ttsThread: voice.threads[0] });
});
test.after.each(async ({ stt, tts }) => {
  await Promise.all([stt.close(), tts.close()]);
});

wherePossible('a recogniser whose thread is gone is replaced, and the next words are heard', async ({ stt, tts, sttThread }) => {
  await sttThread.terminate();
  const heard = await within(deadlineMs, 'the words', heardOverThePhone(sentence, tts, stt.open()));
  assert.ok(wordErrors(sentence, heard).errors <= 2, heard);
});

wherePossible('a voice that is killed at its work says so, and speaks again', async ({ tts, ttsThread }) => {
  const speaking = collected(tts.speak(sentence, never));
  await ttsThread.terminate();
  assert.is(await within(deadlineMs, 'the failure', codeOf(speaking)), 'TP_ERR_MODEL_RUN');
  assert.ok((await within(deadlineMs, 'the speech', collected(tts.speak(sentence, never)))).samples.length > 16000);
});

wherePossible('a caller who hangs up calls off what was to be recognised, and holds nobody else up', async ({ stt, tts }) => {
  const speech = overThePhone(await collected(tts.speak(sentence, never)));
  const gone = Array.from({ length: 40 }, () => stt.open());
  for (const session of gone) sayTo(session, speech);
  for (const session of gone) session.close();
  assert.equal(await within(deadlineMs, 'no words', Promise.all(gone.map((session) => session.take()))), Array(40).fill(''));
  const heard = await within(deadlineMs, 'the words of who stayed', heardOverThePhone(sentence, tts, stt.open()));
  assert.ok(wordErrors(sentence, heard).errors <= 2, heard);
});

wherePossible('a reply that is cut off stops being spoken', async ({ tts }) => {
  const abort = new AbortController();
  abort.abort();
  assert.is((await collected(tts.speak('Nobody wants to hear this.', abort.signal))).pieces, 0);
});

wherePossible('a live sentence overtakes those that are prepared', async ({ tts }) => {
  let prepared = false;
  const texts = Array.from({ length: 30 }, (_, i) => `This is the prepared sentence of ${process.pid}, number ${i}.`);
  const preparing = tts.prepare(texts).then(() => {
    prepared = true;
  });
  await within(deadlineMs, 'the live sentence', collected(tts.speak('Hello.', never)));
  assert.not(prepared);
  await within(deadlineMs, 'the prepared ones', preparing);
  assert.is((await collected(tts.speak(texts[29] ?? '', never))).pieces, 1);
});

wherePossible('closing in the middle of the work ends the thread', async ({ stt, tts, sttThread }) => {
  const speech = overThePhone(await collected(tts.speak(sentence, never)));
  const session = stt.open();
  sayTo(session, speech);
  const exited = new Promise<void>((resolve) => sttThread.once('exit', () => resolve()));
  const closing = stt.close();
  assert.is(await within(deadlineMs, 'the failure', codeOf(session.take())), 'TP_ERR_MODEL_RUN');
  await within(deadlineMs, 'the thread has ended', Promise.all([closing, exited]));
});

wherePossible('a process that ends in the middle of a recognition ends cleanly', async () => {
  const script = fileURLToPath(new URL('../../support/exit-while-recognising.js', import.meta.url));
  for (const afterMs of [1, 60]) {
    const child = spawn(process.execPath, [script, String(afterMs)], { stdio: ['ignore', 'ignore', 'pipe'] });
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
    });
    const exit = new Promise((resolve) => child.once('close', (code, signal) => resolve(signal ?? code)));
    assert.is(await within(deadlineMs, 'the process has ended', exit), 7, errors);
    assert.is(errors, '');
  }
});

test.run();
