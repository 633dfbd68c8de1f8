import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { systemClock } from '#talkpath/base/clock.js';
import { SyntheticCaller } from '#talkpath/caller/synthetic-caller.js';
import { encodeFrame, kinds, uuidFromText } from '#talkpath/transports/audiosocket/frame.js';
import { pause } from '../pause.js';

export interface Line {
  readonly host: string;
  readonly port: number;
}

export const rateHz = 8000;
const giveUpMs = 15_000;

/** The ways in which calls go and end; each returns false when the agent did not do its part. */
export const ways = {
  'hears the answer to the end': async (line, question) => {
    const caller = await greeted(line);
    const answered = (await ask(caller, question)) && (await silentFor(caller, 700));
    return hungUp(caller, answered);
  },
  'hangs up in the greeting': async (line, _question, moment) => {
    const caller = await greeted(line);
    await pause(moment * 1500);
    return hungUp(caller, true);
  },
  'speaks over the greeting, and hangs up while the agent thinks': async (line, question, moment) => {
    const caller = await greeted(line);
    await pause(300 + moment * 500);
    caller.say(question);
    const said = await until(caller, () => !caller.speaking);
    await pause(moment * 700);
    return hungUp(caller, said);
  },
  'hangs up in the answer': async (line, question, moment) => {
    const caller = await greeted(line);
    const answered = await ask(caller, question);
    await pause(moment * 1000);
    return hungUp(caller, answered);
  },
  'hangs up in the middle of a word': async (line, question, moment) => {
    const caller = await greeted(line);
    await silentFor(caller, 300);
    caller.say(question);
    await pause(200 + moment * 800);
    return hungUp(caller, true);
  },
  'is torn by a reset': (line, question, moment) => torn(line, question, moment),
  'comes a second time, and is refused': async (line) => {
    const caller = await greeted(line);
    const second = new SyntheticCaller({ ...line, callId: caller.callId, rateHz, clock: systemClock });
    await second.dial();
    const refused = (await second.ended) === 'refused';
    return hungUp(caller, refused);
  },
} as const satisfies Record<string, (line: Line, question: Uint8Array, moment: number) => Promise<boolean>>;

class GreetedCaller extends SyntheticCaller {
  constructor(
    line: Line,
    readonly callId: string,
  ) {
    super({ ...line, callId, rateHz, clock: systemClock });
  }
}

/** A caller who hears the agent speak. Throws when the agent stays silent. */
async function greeted(line: Line): Promise<GreetedCaller> {
  const caller = new GreetedCaller(line, randomUUID());
  await caller.dial();
  if (await until(caller, () => caller.agentSpeech.intervals.length > 0)) return caller;
  caller.hangUp();
  throw new Error('no greeting was heard');
}

/** Asks when the agent has finished; true as soon as an answer is heard. */
async function ask(caller: SyntheticCaller, question: Uint8Array): Promise<boolean> {
  await silentFor(caller, 500);
  const before = caller.agentSpeech.intervals.length;
  caller.say(question);
  return until(caller, () => caller.agentSpeech.intervals.length > before);
}

function silentFor(caller: SyntheticCaller, ms: number): Promise<boolean> {
  return until(caller, () => (caller.agentSpeech.silentForMs(caller.sinceStartMs()) ?? 0) > ms);
}

async function hungUp(caller: SyntheticCaller, well: boolean): Promise<boolean> {
  caller.hangUp();
  await caller.ended;
  return well;
}

async function until(caller: SyntheticCaller, done: () => boolean): Promise<boolean> {
  const limitMs = caller.sinceStartMs() + giveUpMs;
  while (!done() && caller.sinceStartMs() < limitMs) await pause(20);
  return done();
}

/** A caller whose network fails in the middle of what he says: the connection ends by RST. */
function torn({ host, port }: Line, question: Uint8Array, moment: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true });
    let heardBytes = 0;
    socket.on('data', (piece) => {
      heardBytes += piece.length;
    });
    socket.once('error', reject);
    socket.once('close', () => resolve(heardBytes > 0));
    socket.once('connect', async () => {
      socket.write(encodeFrame(kinds.uuid, uuidFromText(randomUUID()) as Uint8Array));
      const frameBytes = (rateHz / 50) * 2;
      const frames = Math.min(Math.floor(question.byteLength / frameBytes), Math.round(20 + moment * 60));
      for (let i = 0; i < frames; i += 1) {
        socket.write(encodeFrame(0x10, question.subarray(i * frameBytes, (i + 1) * frameBytes)));
        await pause(20);
      }
      socket.resetAndDestroy();
    });
  });
}
