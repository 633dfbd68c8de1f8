import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { HeldReply } from '#talkpath/providers/deepgram-agent/held-reply.js';
import { NoiseWatch } from '#talkpath/providers/deepgram-agent/noise-watch.js';
import { Replies } from '#talkpath/providers/deepgram-agent/replies.js';
import { TurnEvents } from '#talkpath/providers/deepgram-agent/turn-events.js';
import type { ProviderEvent } from '#talkpath/providers/provider.js';
import { holds } from '../../../support/property.js';
import { mulaw } from './agent-call.js';

type Piece = 'text' | 'audio' | 'done';

/** What happens next, of the caller, the service and talkpath; what cannot happen at the moment does not. */
type Step =
  | { readonly type: 'caller-starts'; readonly strays: number; readonly isDoneTold: boolean }
  | { readonly type: 'caller-ends'; readonly marker: 'words' | 'end-of-turn' | 'thinking' | 'agent-started'; readonly pieces: readonly Piece[] }
  | { readonly type: 'service-speaks'; readonly pieces: number }
  | { readonly type: 'ask-for-caller' }
  | { readonly type: 'ask-after-silence'; readonly pieces: readonly Piece[] }
  | { readonly type: 'cancel' };

const pieces = fc.constantFrom<readonly Piece[]>(
  ['text', 'audio', 'done'],
  ['audio', 'text', 'audio', 'done'],
  ['text', 'audio', 'audio', 'text', 'audio', 'done'],
);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ type: fc.constant('caller-starts' as const), strays: fc.nat(2), isDoneTold: fc.boolean() }),
  fc.record({
    type: fc.constant('caller-ends' as const),
    marker: fc.constantFrom('words' as const, 'end-of-turn' as const, 'thinking' as const, 'agent-started' as const),
    pieces,
  }),
  fc.record({ type: fc.constant('service-speaks' as const), pieces: fc.integer({ min: 1, max: 6 }) }),
  fc.constant<Step>({ type: 'ask-for-caller' }),
  fc.record({ type: fc.constant('ask-after-silence' as const), pieces }),
  fc.constant<Step>({ type: 'cancel' }),
);

/** A service that keeps to its protocol, and a talkpath that keeps to its own. Audio carries the number of its reply. */
class Model {
  readonly events: ProviderEvent[] = [];
  readonly cancelled = new Set<number>();
  readonly replies = new Replies({
    tell: new TurnEvents((event) => this.#take(event), mulaw),
    held: new HeldReply(mulaw),
    noise: new NoiseWatch(mulaw),
  });
  #callerSpeaks = false;
  /** Of the service's present reply, what is still to be sent. */
  #coming: Piece[] = [];
  #mark = 0;
  #turn = 0;
  #asked: number | undefined;

  get isAsked(): boolean {
    return this.#asked !== undefined;
  }

  do(next: Step): void {
    switch (next.type) {
      case 'caller-starts':
        if (this.#callerSpeaks) return;
        this.#callerSpeaks = true;
        this.replies.callerStarted();
        if (this.#coming.length > 0) {
          for (let i = 0; i < next.strays; i += 1) this.#send('audio');
          if (next.isDoneTold) this.#send('done');
        }
        this.#coming = [];
        break;
      case 'caller-ends':
        if (!this.#callerSpeaks) return;
        this.#callerSpeaks = false;
        this.#mark += 1;
        if (next.marker === 'end-of-turn' || next.marker === 'thinking') this.replies.callerEnded();
        if (next.marker === 'agent-started') this.replies.agentStarted();
        this.replies.callerSaid(`words before ${this.#mark}`);
        this.#coming = [...next.pieces];
        break;
      case 'service-speaks':
        for (const piece of this.#coming.splice(0, next.pieces)) this.#send(piece);
        break;
      case 'ask-for-caller':
        if (this.isAsked) return;
        this.#ask();
        this.replies.ask(this.#turn, 'caller', false);
        break;
      case 'ask-after-silence':
        if (this.isAsked) return;
        this.#ask();
        if (this.replies.ask(this.#turn, 'no-input', false)) return;
        this.replies.injected();
        this.replies.injectionTaken();
        // What the service took for speech was none.
        this.#callerSpeaks = false;
        this.#mark += 1;
        this.#coming = [...next.pieces];
        break;
      case 'cancel':
        if (this.#asked === undefined) return;
        this.cancelled.add(this.#asked);
        this.replies.cancel(this.#asked);
        this.#asked = undefined;
        break;
    }
  }

  #ask(): void {
    this.#turn += 1;
    this.#asked = this.#turn;
  }

  #send(piece: Piece): void {
    if (piece === 'text') this.replies.agentSays(`text of ${this.#mark}`);
    else if (piece === 'audio') this.replies.agentAudio(Uint8Array.of(this.#mark));
    else this.replies.audioDone();
  }

  #take(event: ProviderEvent): void {
    this.events.push(event);
    if (!('turn' in event) || event.turn === undefined) return;
    assert.not(this.cancelled.has(event.turn), `${event.type} of turn ${event.turn}, which was cancelled`);
    const isLateText = event.type === 'transcript' && event.who === 'agent';
    assert.ok(isLateText || event.turn === this.#asked, `${event.type} of turn ${event.turn}, which is not asked for`);
    if (event.type === 'reply-ended') this.#asked = undefined;
  }
}

const marksOf = (events: readonly ProviderEvent[], turn: number): number[] => [
  ...new Set(events.flatMap((event) => (event.type === 'reply-audio' && event.turn === turn ? [...event.audio] : []))),
];

test('in whatever order things happen, no turn is told anything of another’s reply or after its end', () => {
  holds(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const model = new Model();
      for (const next of steps) model.do(next);
      const turns = new Set(model.events.flatMap((event) => (event.type === 'reply-audio' ? [event.turn] : [])));
      const marks = [...turns].flatMap((turn) => {
        const found = marksOf(model.events, turn);
        assert.is(found.length, 1, `turn ${turn} has audio of ${found.join(' and ')}`);
        return found;
      });
      assert.is(new Set(marks).size, marks.length, 'no reply goes to two turns');
    }),
  );
});

test('whatever has happened, the next words of the caller are answered, with the whole of their answer', () => {
  holds(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const model = new Model();
      for (const next of steps) model.do(next);
      model.do({ type: 'cancel' });
      model.do({ type: 'caller-starts', strays: 2, isDoneTold: false });
      const before = model.events.length;
      model.do({ type: 'caller-ends', marker: 'words', pieces: ['text', 'audio', 'audio', 'done'] });
      assert.equal(
        model.events.slice(before).map(({ type }) => type),
        ['turn-ended'],
      );
      model.do({ type: 'ask-for-caller' });
      model.do({ type: 'service-speaks', pieces: 4 });
      const told = model.events.slice(before).filter(({ type }) => type !== 'timing');
      assert.equal(
        told.slice(-4).map(({ type }) => type),
        ['transcript', 'reply-audio', 'reply-audio', 'reply-ended'],
      );
      assert.not(model.isAsked);
    }),
  );
});

test.run();
