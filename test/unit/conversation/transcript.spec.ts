import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Transcript } from '#talkpath/conversation/transcript.js';

/** A turn of two sentences, 1 s each, that was heard from 500 ms on. */
function twoSentences(): Transcript {
  const transcript = new Transcript();
  transcript.agentSays(1, 'one two three four');
  transcript.audioGiven(1, 1000);
  transcript.agentSays(1, 'five six seven eight');
  transcript.audioGiven(1, 600);
  transcript.audioGiven(1, 400);
  transcript.turnHeardFrom(1, 500);
  return transcript;
}

test('what was said stands in the order in which it was said', () => {
  const transcript = new Transcript();
  transcript.agentSays(1, 'Hello.');
  transcript.audioGiven(1, 400);
  transcript.turnHeardFrom(1, 120);
  transcript.callerSaid(2, 'Hi there', 2000);
  assert.equal(transcript.entries(), [
    { turn: 1, who: 'agent', text: 'Hello.', atMs: 120 },
    { turn: 2, who: 'caller', text: 'Hi there', atMs: 2000 },
  ]);
});

test('a reply heard to its end is whole', () => {
  assert.equal(twoSentences().entries(), [{ turn: 1, who: 'agent', text: 'one two three four five six seven eight', atMs: 500 }]);
});

test('a reply that was cut ends with the last word that was heard', () => {
  for (const [heardMs, text] of [
    [2000, 'one two three four five six seven eight'],
    [1999, 'one two three four five six seven'],
    [1500, 'one two three four five six'],
    [1000, 'one two three four'],
    [250, 'one'],
  ] as const) {
    const transcript = twoSentences();
    transcript.audioEnds(1);
    transcript.turnCut(1, heardMs);
    assert.is(transcript.heard(1).text, text, `cut after ${heardMs} ms`);
    assert.equal(transcript.entries()[0], { turn: 1, who: 'agent', text, atMs: 500, ...(heardMs < 2000 ? { cut: true } : {}) });
  }
});

test('of a sentence whose audio was still on its way what was heard is told by the usual pace', () => {
  const transcript = new Transcript();
  transcript.agentSays(1, 'Hello, this is Maple Street Studio, how can I help you today?');
  transcript.audioGiven(1, 480);
  transcript.turnHeardFrom(1, 500);
  transcript.turnCut(1, 480);
  assert.is(transcript.heard(1).text, 'Hello,');
  assert.is(transcript.entries()[0]?.cut, true);
});

test('a reply that was cut before its first word leaves no entry', () => {
  const transcript = twoSentences();
  transcript.turnCut(1, 0);
  assert.is(transcript.heard(1).text, '');
  assert.equal(transcript.entries(), []);
});

test('a sentence whose audio had not come when the reply was cut was not heard', () => {
  const transcript = twoSentences();
  transcript.agentSays(1, 'nine ten');
  transcript.turnCut(1, 2000);
  assert.is(transcript.heard(1).text, 'one two three four five six seven eight');
  assert.is(transcript.entries()[0]?.cut, true);
});

test('words that ran ahead of their audio share it, when the reply is cut and when its speaker is lost', () => {
  const ahead = (): Transcript => {
    const transcript = new Transcript();
    for (const text of ['one two', 'three four', 'five six seven eight']) transcript.agentSays(1, text);
    transcript.audioGiven(1, 2000);
    transcript.turnHeardFrom(1, 0);
    return transcript;
  };
  const cut = ahead();
  cut.turnCut(1, 1500);
  assert.match(cut.heard(1).text, /^one two three four/);
  const lost = ahead();
  lost.speakerLost(1);
  assert.equal(lost.history(), [{ who: 'agent', text: 'one two three four five six' }]);
});

test('a reply that was taken back before any of its audio came was not heard', () => {
  const transcript = new Transcript();
  transcript.agentSays(3, 'Let me see.');
  transcript.turnCut(3, 0);
  assert.is(transcript.heard(3).text, '');
});

test('a reply that never reached the line leaves no entry', () => {
  const transcript = new Transcript();
  transcript.agentSays(3, 'Let me see.');
  transcript.audioGiven(3, 700);
  assert.equal(transcript.entries(), []);
});

test('a caller whose words were not understood leaves no entry', () => {
  const transcript = new Transcript();
  transcript.callerSaid(1, '', 100);
  assert.equal(transcript.entries(), []);
});

test('two replies keep their words apart, even when they come mixed', () => {
  const transcript = new Transcript();
  transcript.agentSays(1, 'first');
  transcript.agentSays(2, 'second');
  transcript.audioGiven(1, 300);
  transcript.audioGiven(2, 300);
  transcript.turnHeardFrom(1, 10);
  transcript.turnHeardFrom(2, 900);
  transcript.turnCut(2, 100);
  assert.equal(
    transcript.entries().map(({ text }) => text),
    ['first'],
  );
});

test("words of the caller's that come late stand before their answer", () => {
  const transcript = twoSentences();
  transcript.agentSays(2, 'Yes.');
  transcript.audioGiven(2, 300);
  transcript.turnHeardFrom(2, 3000);
  transcript.callerSaid(2, 'Are you open?', 3200);
  assert.equal(
    transcript.entries().map(({ who, turn }) => `${who} ${turn}`),
    ['agent 1', 'caller 2', 'agent 2'],
  );
});

test('of a provider that is lost those words stand whose audio had come, and another goes on behind them', () => {
  const transcript = new Transcript();
  transcript.callerSaid(1, 'When are you open?', 0);
  transcript.agentSays(1, 'We are open from nine to five on every day');
  transcript.audioGiven(1, 1000);
  transcript.turnHeardFrom(1, 100);
  transcript.speakerLost(1);
  assert.equal(transcript.history(), [
    { who: 'caller', text: 'When are you open?' },
    { who: 'agent', text: 'We are open' },
  ]);
  transcript.agentSays(1, 'One moment.', true);
  transcript.audioGiven(1, 500, true);
  transcript.agentSays(1, 'from nine to five.');
  transcript.audioGiven(1, 1000);
  transcript.audioEnds(1);
  assert.equal(
    transcript.entries().map(({ text, cut }) => [text, cut]),
    [
      ['When are you open?', undefined],
      ['We are open One moment. from nine to five.', undefined],
    ],
  );
  assert.equal(transcript.history().at(-1), { who: 'agent', text: 'We are open from nine to five.' });
});

test('of a reply that was given to its end no word is lost with its provider', () => {
  const transcript = new Transcript();
  transcript.agentSays(1, 'We are open from nine to five on weekdays');
  transcript.audioGiven(1, 1000);
  transcript.audioEnds(1);
  transcript.turnHeardFrom(1, 0);
  transcript.speakerLost(1);
  assert.is(transcript.history()[0]?.text, 'We are open from nine to five on weekdays');
});

test('a provider learns what was heard of its own words alone', () => {
  const transcript = new Transcript();
  transcript.agentSays(1, 'lost words');
  transcript.audioGiven(1, 400);
  transcript.speakerLost(1);
  transcript.agentSays(1, 'One moment.', true);
  transcript.audioGiven(1, 500, true);
  transcript.agentSays(1, 'one two three four');
  transcript.audioGiven(1, 1000);
  transcript.audioEnds(1);
  transcript.turnHeardFrom(1, 0);
  transcript.turnCut(1, 1400);
  assert.equal(transcript.heard(1), { ms: 500, text: 'one two' });
  transcript.turnCut(1, 700);
  assert.equal(transcript.heard(1), { ms: 0, text: '' });
});

test.run();
