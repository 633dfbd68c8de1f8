import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { AudioSocketServer } from '#talkpath/transports/audiosocket/server.js';
import type { LineCounters, LineSession } from '#talkpath/transports/transport.js';
import { AudioSocketClient } from '../support/audiosocket-client.js';
import { settled } from '../support/call-bench.js';
import { eventually } from '../support/deadline.js';
import { ManualClock } from '../support/manual-clock.js';

const test = suite('a peer that stops reading');
const wireBytes = 3 + 960;

/** Frames without end, each with its number in the first samples. */
class NumberedFrames implements LineSession {
  readonly rateHz = 24_000;
  #made = 0;

  push(): number {
    return 0;
  }

  drain(bytes: Uint8Array, offset: number): number {
    new DataView(bytes.buffer, bytes.byteOffset).setUint32(offset, this.#made, true);
    this.#made += 1;
    return 960;
  }
}

const numberOf = (pcm: Uint8Array): number => new DataView(pcm.buffer, pcm.byteOffset).getUint32(0, true);

/** A real server on real sockets, whose time passes as fast as the test lets it. */
async function fastServer() {
  const clock = new ManualClock();
  const ended = new Map<string, { reason: string; line: LineCounters }>();
  const settings = { host: '127.0.0.1', port: 0, allow: [], maxCalls: 10, maxUnidentified: 10, maxUnidentifiedPerAddress: 10 };
  const server = new AudioSocketServer(
    settings,
    {
      lineArrived: () => new NumberedFrames(),
      lineDigit: () => {},
      lineNotice: () => {},
      lineEnded: (callId, reason, line) => ended.set(callId, { reason, line }),
      lineRefused: () => {},
    },
    clock,
  );
  const { host, port } = await server.listen();
  /** Lets a frame's time pass, and all that was waiting happen. */
  const frame = async (): Promise<void> => {
    clock.advance(20);
    server.writeDueFrames();
    await settled();
  };
  /** A caller, and the server's socket to it. */
  const caller = async (): Promise<{ client: AudioSocketClient; socket: Socket }> => {
    let socket: Socket | undefined;
    const note = (message: unknown): void => {
      socket = (message as { socket: Socket }).socket;
    };
    subscribe('net.server.socket', note);
    const client = await AudioSocketClient.open(`${host}:${port}`);
    client.sayUuid();
    await eventually(1000, 'the server takes the connection', () => socket !== undefined, 1);
    while (client.frames.length === 0) await frame();
    unsubscribe('net.server.socket', note);
    return { client, socket: socket as unknown as Socket };
  };
  return { server, ended, frame, caller };
}

test('what waits for it is bounded, its line ends, and the call beside it does not notice', async () => {
  const { server, ended, frame, caller } = await fastServer();
  const deaf = await caller();
  const other = await caller();
  deaf.client.stopReading();
  let frames = 0;
  let mostWaiting = 0;
  for (; frames < 60_000 && !ended.has(deaf.client.callId); frames += 1) {
    await frame();
    mostWaiting = Math.max(mostWaiting, deaf.socket.writableLength);
  }
  const end = ended.get(deaf.client.callId);
  assert.is(end?.reason, 'line-blocked');
  assert.ok(mostWaiting > 0 && mostWaiting <= 5 * wireBytes, `${mostWaiting} bytes waited for the system to take them`);
  const dropped = end?.line.framesDropped ?? 0;
  assert.ok(dropped >= 250 && dropped <= 252, `${dropped} frames of 20 ms were dropped before the line was given up after 5 s`);
  await other.client.hears(frames);
  const numbers = other.client.frames.map(({ pcm }) => numberOf(pcm));
  assert.equal(
    numbers,
    numbers.map((_, i) => i),
  );
  other.client.destroy();
  deaf.client.destroy();
  await server.close(0);
});

test('when it reads again in time, it hears a gap and then what is now, and no broken frame', async () => {
  const { server, ended, frame, caller } = await fastServer();
  const { client, socket } = await caller();
  client.stopReading();
  for (let frames = 0; frames < 60_000 && socket.writableLength < 5 * wireBytes; frames += 1) await frame();
  for (let i = 0; i < 100; i += 1) await frame();
  client.readOn();
  await eventually(5000, 'all that waited is taken', () => socket.writableLength === 0, 5);
  for (let i = 0; i < 50; i += 1) await frame();
  await eventually(5000, 'the newest frame is there', () => gapsIn(client).length === 1 && numberOf(newest(client)) > 100, 5);
  assert.not.ok(ended.has(client.callId));
  const [gap = 0] = gapsIn(client);
  assert.ok(gap >= 100 && gap < 150, `${gap} frames are missing, in one place`);
  assert.equal([...new Set(client.frames.map(({ pcm }) => pcm.length))], [960]);
  client.destroy();
  await server.close(0);
});

const newest = (client: AudioSocketClient): Uint8Array => client.frames.at(-1)?.pcm ?? new Uint8Array(4);

/** How many frames are missing, place by place. */
function gapsIn(client: AudioSocketClient): number[] {
  const numbers = client.frames.map(({ pcm }) => numberOf(pcm));
  return numbers.slice(1).flatMap((number, i) => (number === (numbers[i] ?? 0) + 1 ? [] : [number - (numbers[i] ?? 0) - 1]));
}

test.run();
