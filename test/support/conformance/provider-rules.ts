import * as assert from 'uvu/assert';
import { formatName } from '#talkpath/base/audio-format.js';
import { TalkpathError } from '#talkpath/base/errors.js';
import { eventually, within } from '../deadline.js';
import { KitCall } from './kit-call.js';
import type { ProviderBench } from './provider-bench.js';

/** What every provider holds to, as sentences. Each gets a bench of its own, and leaves nothing open. */
export type ProviderRule = (bench: ProviderBench) => Promise<void>;

const greeting = 'Good morning, this is the studio.';

/** A greeting that is given is said as it is given, by a service that has to be told here, or without its doing. */
function greetsWith(bench: ProviderBench, text: string, ms: number): void {
  if (!bench.saysGreetingsItself) bench.agentWillSay(text, ms);
}

/** Of audio whose length the service was told; of others it is only known that there is some. */
function lasts(bench: ProviderBench, heardMs: number, ms: number): void {
  assert.ok(bench.saysAtItsOwnPace ? heardMs > 0 : Math.abs(heardMs - ms) <= 40, `${heardMs} ms of ${ms}`);
}

/** A call whose greeting was said to its end. */
async function greeted(bench: ProviderBench): Promise<KitCall> {
  const call = new KitCall(bench.provider);
  await call.connect({ greeting });
  greetsWith(bench, greeting, 600);
  call.session.requestReply(1, 'greeting', false);
  await call.replyEnds(1);
  return call;
}

async function refusalOf(bench: ProviderBench, provider = bench.provider): Promise<TalkpathError> {
  const call = new KitCall(provider);
  const refused = await call.connect({ greeting }).then(
    async (session) => {
      // Who asks nobody before the first reply is refused with that.
      session.requestReply(1, 'greeting', false);
      call.speak();
      call.silence();
      session.requestReply(2, 'caller', false);
      await call.until('the reply fails', () => call.of('failed').length > 0);
      session.close();
      const [failed] = call.of('failed');
      return failed && new TalkpathError(failed.code, failed.message);
    },
    (error: unknown) => error,
  );
  assert.instance(refused, TalkpathError, String(refused));
  return refused as TalkpathError;
}

/** For what should not come: whoever tells it a little late would be overheard otherwise. */
const lateMs = 40;

async function nothingStaysOpen(bench: ProviderBench): Promise<void> {
  await eventually(2000, 'every connection is closed', () => bench.openConnections() === 0, 10);
  await new Promise((resolve) => setTimeout(resolve, lateMs));
}

export const providerRules: Readonly<Record<string, ProviderRule>> = {
  'a greeting is said in the format that was asked for, its words before its audio, and ends once': async (bench) => {
    const call = await greeted(bench);
    call.session.close();
    const types = call.ofTurn(1).map(({ type }) => type);
    assert.ok(types.indexOf('transcript') < types.indexOf('reply-audio'), types.join());
    assert.is(types.filter((type) => type === 'reply-ended').length, 1);
    assert.is(types.at(-1), 'reply-ended');
    for (const { format } of call.of('reply-audio')) assert.is(formatName(format), formatName(call.output));
    assert.is(call.saidIn(1), greeting);
    if (bench.saysGreetingsItself) assert.ok(call.audioMsOf(1) > 0);
    else lasts(bench, call.audioMsOf(1), 600);
  },

  'a caller is heard and answered, and both are told as words': async (bench) => {
    const call = await greeted(bench);
    bench.callerWillSay('When are you open?');
    bench.agentWillSay('From nine to five.', 500);
    await call.takeTurn(2);
    await call.replyEnds(2);
    await call.until("the caller's words are known", () => call.of('transcript').some(({ who, final }) => who === 'caller' && final));
    const caller = call.of('transcript').filter(({ who, final }) => who === 'caller' && final);
    assert.equal(
      caller.map(({ turn, text }) => [turn, text]),
      [[2, 'When are you open?']],
    );
    assert.is(call.saidIn(2), 'From nine to five.');
    lasts(bench, call.audioMsOf(2), 500);
    call.session.close();
  },

  'several turns follow one another, each with its own number': async (bench) => {
    const call = await greeted(bench);
    for (const turn of [2, 3, 4]) {
      bench.callerWillSay(`Question ${turn}.`);
      bench.agentWillSay(`Answer ${turn}.`, 300);
      await call.takeTurn(turn);
      await call.replyEnds(turn);
      assert.is(call.saidIn(turn), `Answer ${turn}.`);
    }
    call.session.close();
  },

  'nothing of a reply that was cancelled is told, and the next reply is': async (bench) => {
    const call = await greeted(bench);
    bench.callerWillSay('Tell me all.');
    bench.agentWillSay('This is a long story that nobody will hear to its end.', 20_000);
    await call.takeTurn(2);
    await call.until('the reply begins', () => call.audioMsOf(2) > 0);
    call.session.cancelReply(2, { ms: 40, text: 'This' });
    const told = call.ofTurn(2).length;
    bench.callerWillSay('Stop.');
    bench.agentWillSay('All right.', 300);
    await call.takeTurn(3);
    await call.replyEnds(3);
    assert.is(
      call.ofTurn(2).filter(({ type }) => type !== 'transcript' && type !== 'timing').length,
      call
        .ofTurn(2)
        .slice(0, told)
        .filter(({ type }) => type !== 'transcript' && type !== 'timing').length,
    );
    assert.is(call.saidIn(3), 'All right.');
    lasts(bench, call.audioMsOf(3), 300);
    call.session.close();
  },

  'a reply that is cancelled before it begins is never heard': async (bench) => {
    const call = await greeted(bench);
    bench.callerWillSay('When…');
    bench.agentWillSay('Half an answer.', 400);
    await call.takeTurn(2);
    call.session.cancelReply(2, { ms: 0, text: '' });
    bench.callerWillSay('When are you open?');
    bench.agentWillSay('From nine to five.', 300);
    await call.takeTurn(3);
    await call.replyEnds(3);
    assert.is(call.audioMsOf(2), 0);
    assert.ok(!call.of('reply-ended').some(({ turn }) => turn === 2));
    call.session.close();
  },

  'a service that goes on with a cancelled reply is not listened to': async (bench) => {
    if (bench.impossible?.includes('ignore-cancel')) return;
    const call = await greeted(bench);
    bench.setFault({ type: 'ignore-cancel' });
    bench.agentWillSay('This is a long story that nobody will hear to its end.', 3000);
    bench.callerWillSay('Tell me all.');
    await call.takeTurn(2);
    await call.until('the reply begins', () => call.audioMsOf(2) > 0);
    call.session.cancelReply(2, { ms: 40, text: 'This' });
    const heardMs = call.audioMsOf(2);
    bench.setFault(undefined);
    bench.callerWillSay('Stop.');
    bench.agentWillSay('All right.', 300);
    await call.takeTurn(3);
    await call.until(
      'the next reply ends, or the session does',
      () => call.of('reply-ended').some(({ turn }) => turn === 3) || call.of('failed').length > 0,
    );
    assert.is(call.audioMsOf(2), heardMs);
    if (call.of('failed').length === 0) lasts(bench, call.audioMsOf(3), 300);
    call.session.close();
  },

  'a connection that is lost in the middle of a reply is told once, as something that may go better elsewhere': async (bench) => {
    const call = await greeted(bench);
    bench.setFault({ type: 'close-in-reply', afterMs: 200 });
    bench.callerWillSay('Tell me all.');
    bench.agentWillSay('This is a long story.', 5000);
    await call.takeTurn(2);
    await call.until('the failure is told', () => call.of('failed').length > 0);
    const told = call.events.length;
    const [failed] = call.of('failed');
    assert.is(failed?.retryable, true);
    assert.ok(call.audioMsOf(2) <= 240, `${call.audioMsOf(2)} ms`);
    call.session.close();
    await nothingStaysOpen(bench);
    assert.equal(
      call.events.slice(told).filter(({ type }) => type !== 'usage'),
      [],
    );
  },

  'what is no JSON, and what is no audio, fails the call and nothing else': async (bench) => {
    for (const type of ['garbage-json', 'garbage-base64'] as const) {
      if (bench.impossible?.includes(type)) continue;
      const call = await greeted(bench);
      bench.setFault({ type });
      bench.callerWillSay('Tell me all.');
      bench.agentWillSay('This is a long story.', 2000);
      await call.takeTurn(2);
      await call.until(`${type} is told`, () => call.of('failed').length > 0);
      assert.match(call.of('failed')[0]?.code ?? '', /^TP_ERR_PROVIDER_/);
      assert.not.match(call.of('failed')[0]?.message ?? '', /story/);
      call.session.close();
      bench.setFault(undefined);
    }
  },

  'a service that refuses is told by what it did, and by nothing that is secret': async (bench) => {
    const statuses = { 401: 'TP_ERR_PROVIDER_REFUSED', 429: 'TP_ERR_PROVIDER_BUSY', 503: 'TP_ERR_PROVIDER_BUSY', 500: 'TP_ERR_PROVIDER_CONNECT' };
    for (const [status, code] of Object.entries(statuses)) {
      if (bench.impossible?.includes('status')) break;
      bench.setFault({ type: 'status', status: Number(status), retryAfterS: 3 });
      const error = await refusalOf(bench);
      assert.is(error.code, code, `${status}: ${error.message}`);
    }
    bench.setFault({ type: 'refuse' });
    assert.match((await refusalOf(bench)).code, /^TP_ERR_PROVIDER_(CONNECT|LOST)$/);
    bench.setFault(undefined);
    if (bench.unknownToService) assert.is((await refusalOf(bench, bench.unknownToService)).code, 'TP_ERR_PROVIDER_REFUSED');
    await nothingStaysOpen(bench);
  },

  'a service that never answers holds nobody for ever, and no connection': async (bench) => {
    bench.setFault({ type: 'hang' });
    const call = new KitCall(bench.provider);
    const connecting = call.connect({ greeting }).then(
      () => 'connected',
      () => 'rejected',
    );
    await eventually(2000, 'the connection is tried', () => bench.openConnections() > 0, 5).catch(() => {});
    call.abort.abort();
    const outcome = await within(2000, 'the connection is given up', connecting);
    if (outcome === 'connected') call.session.close();
    bench.setFault(undefined);
    await nothingStaysOpen(bench);
  },

  'a session that is closed, in any state, leaves no connection and tells nothing more': async (bench) => {
    for (const state of ['at once', 'in the middle of a reply', 'while the caller speaks'] as const) {
      const call = new KitCall(bench.provider);
      await call.connect({ greeting });
      if (state === 'in the middle of a reply') {
        greetsWith(bench, 'This is a long story.', 10_000);
        call.session.requestReply(1, 'greeting', false);
        await call.until('the reply begins', () => call.audioMsOf(1) > 0);
      }
      if (state === 'while the caller speaks') call.speak();
      call.session.close();
      const told = call.events.length;
      await nothingStaysOpen(bench);
      call.session.close();
      assert.equal(
        call.events.slice(told).filter(({ type }) => type !== 'usage'),
        [],
        state,
      );
    }
  },

  'two calls do not hear of each other': async (bench) => {
    const one = new KitCall(bench.provider);
    const other = new KitCall(bench.provider);
    await one.connect({ greeting: 'One.' });
    await other.connect({ greeting: 'Two.' });
    greetsWith(bench, 'One.', 300);
    one.session.requestReply(1, 'greeting', false);
    await one.replyEnds(1);
    assert.equal(other.ofTurn(1), []);
    greetsWith(bench, 'Two.', 300);
    other.session.requestReply(1, 'greeting', false);
    one.session.close();
    await other.replyEnds(1);
    assert.is(other.saidIn(1), 'Two.');
    other.session.close();
  },

  'a reply to words that is nothing at all fails its turn, as something that may go better elsewhere': async (bench) => {
    const call = await greeted(bench);
    bench.callerWillSay('When are you open?');
    bench.agentWillSay('', 0);
    await call.takeTurn(2);
    await call.until('the failure is told', () => call.of('failed').length > 0);
    const [failed] = call.of('failed');
    assert.equal([failed?.turn, failed?.code, failed?.retryable], [2, 'TP_ERR_PROVIDER_PROTOCOL', true]);
    assert.ok(!call.of('reply-ended').some(({ turn }) => turn === 2));
    call.session.close();
  },

  'a conversation that another began is taken up with what was said in it': async (bench) => {
    const call = new KitCall(bench.provider);
    await call.connect({ greeting }, [
      { who: 'agent', text: greeting },
      { who: 'caller', text: 'When do you close on a marzipan Sunday?' },
    ]);
    bench.agentWillSay('At noon.', 300);
    call.session.requestReply(2, 'resume', false);
    await call.replyEnds(2);
    assert.ok(bench.toldOf('marzipan'), 'the service knows what was said');
    assert.ok(call.saidIn(2).length > 0);
    assert.not.match(call.saidIn(2), /this is the studio/);
    call.session.close();
  },

  'a tool is asked for with its arguments, and the reply goes on with what came of it': async (bench) => {
    if (!bench.agentWillUse) return;
    const call = new KitCall(bench.provider);
    const parameters = { type: 'object', properties: { day: { type: 'string' } }, required: ['day'] };
    await call.connect({ greeting, tools: [{ name: 'book', description: 'Books a table', parameters }] });
    greetsWith(bench, greeting, 300);
    call.session.requestReply(1, 'greeting', false);
    await call.replyEnds(1);
    bench.callerWillSay('A table for Monday, please.');
    bench.agentWillUse('book', { day: 'Monday' }, 'It is booked.');
    await call.takeTurn(2);
    await call.until('the tool is asked for', () => call.of('tool-call').length > 0);
    const [asked] = call.of('tool-call');
    assert.equal([asked?.turn, asked?.name, asked?.arguments], [2, 'book', { day: 'Monday' }]);
    assert.ok(!call.of('reply-ended').some(({ turn }) => turn === 2), 'the reply waits for the answer');
    call.session.answerTool(asked?.id ?? '', { text: '{"table": 7}', isSpokenOf: true });
    await call.replyEnds(2);
    assert.is(call.of('tool-call').length, 1);
    assert.ok(bench.toldOf('table'), 'the service knows what came of it');
    assert.match(call.saidIn(2), /It is booked\./);
    call.session.answerTool('nobody asked', { text: 'late', isSpokenOf: true });
    call.session.close();
  },
};
