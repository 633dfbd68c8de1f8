import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { AgentEnd, type SessionEvent } from '#talkpath/native/agent-end.js';
import { startEngine, stopEngine } from '#talkpath/native/engine.js';
import { LineEnd, openSession } from '#talkpath/native/line-end.js';
import { eventually, within } from '../support/deadline.js';
import { projectFolder } from '../support/project.js';
import { tone } from '../support/sound.js';

const test = suite('the engine from JavaScript');
const options = {
  lineRateHz: 8000,
  highPassHz: 80,
  noiseSuppression: 0,
  comfortNoiseDbfs: 0,
  echoCancellation: 0,
  echoMaxDelayMs: 500,
  voiceMode: 2,
  speechOnsetMs: 60,
  speechHangoverMs: 200,
};
test.before(() => startEngine({ workers: 1, realtime: false }));
test.after(() => stopEngine());

const thrownBy = (action: () => unknown): { readonly code?: string; readonly message: string } => {
  try {
    action();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
};

test('a session has one line end and one agent end', () => {
  const lineEnd = openSession(options);
  const agentEnd = new AgentEnd(lineEnd.sessionId, 8000, 60);
  assert.match(thrownBy(() => new LineEnd(lineEnd.sessionId, 8000)).message, /has its line end already/);
  assert.match(thrownBy(() => new AgentEnd(lineEnd.sessionId, 8000, 60)).message, /has its agent end already/);
  agentEnd.release();
  lineEnd.close();
  assert.is(thrownBy(() => new AgentEnd(lineEnd.sessionId, 8000, 60)).code, 'TP_SESSION_GONE');
});

test('an engine without a place for another session says so, and has one again when a session has ended', async () => {
  const lineEnds: LineEnd[] = [];
  const { code, message } = thrownBy(() => {
    for (let i = 0; i <= 1024; i += 1) lineEnds.push(openSession(options));
  });
  assert.is(code, 'TP_ERR_ENGINE_FULL');
  assert.match(message, /1024 sessions/);
  for (const lineEnd of lineEnds) lineEnd.close();
  await eventually(5000, 'there is room again', async () => {
    try {
      openSession(options).close();
      return true;
    } catch {
      return false;
    }
  });
});

test('arrays without an element move nothing, and a mark without samples ends a reply', async () => {
  const lineEnd = openSession(options);
  const agentEnd = new AgentEnd(lineEnd.sessionId, 8000, 20);
  for (const nothing of [new Uint8Array(0), new Uint8Array(new ArrayBuffer(8), 8)]) {
    assert.is(lineEnd.push(nothing, 0, 0, 8000), 0);
    assert.is(lineEnd.drain(nothing, 0), 0);
    assert.is(agentEnd.drain(nothing), 0);
    assert.is(agentEnd.push(1, nothing, 8000, false), 0);
  }
  assert.is(agentEnd.push(1, new Uint8Array(tone(500, 60, 8000, -20).buffer), 8000, false), 960);
  assert.is(agentEnd.push(1, new Uint8Array(0), 8000, true), 0);
  await eventually(5000, 'the reply ends', async () => {
    lineEnd.drain(new Uint8Array(320), 0);
    return agentEnd.nextEvent()?.type === 'playout-ended';
  });
  agentEnd.release();
  lineEnd.close();
});

test('commands that come faster than the engine takes them are all carried out, in order', async () => {
  const lineEnd = openSession(options);
  const agentEnd = new AgentEnd(lineEnd.sessionId, 8000, 20);
  const speech = new Uint8Array(tone(500, 3000, 8000, -20).buffer);
  agentEnd.push(1, speech, 8000, false);
  for (let i = 0; i < 200; i += 1) agentEnd.command(i % 2 === 0 ? 'disarm-barge-in' : 'arm-barge-in');
  const seen: SessionEvent['type'][] = [];
  const pump = (): void => {
    agentEnd.drain(new Uint8Array(48_000));
    lineEnd.drain(new Uint8Array(320), 0);
    for (let event = agentEnd.nextEvent(); event; event = agentEnd.nextEvent()) seen.push(event.type);
  };
  await eventually(5000, 'the reply is heard', async () => {
    pump();
    return seen.includes('playout-started');
  });
  for (let i = 0; i < 100; i += 1) agentEnd.command('arm-barge-in');
  agentEnd.command('pause');
  await eventually(5000, 'it is paused, by the last of a hundred commands', async () => {
    pump();
    return seen.includes('playout-paused');
  });
  agentEnd.release();
  lineEnd.close();
});

test('Node threads that end while their doorbell is rung take nobody with them', async () => {
  const lineEnd = openSession(options);
  const engine = pathToFileURL(join(projectFolder, 'dist/native/engine.js')).href;
  for (let i = 0; i < 60; i += 1) {
    const script = `import(${JSON.stringify(engine)}).then(({ setDoorbell }) => { setDoorbell(() => {}); setTimeout(() => process.exit(), ${i % 11}); })`;
    const worker = new Worker(script, { eval: true });
    const [code] = await within(5000, 'the thread ends', once(worker, 'exit'));
    assert.is(code, 0);
  }
  lineEnd.close();
});

test('what a doorbell throws is not lost', async () => {
  const lineEnd = openSession(options);
  const engine = pathToFileURL(join(projectFolder, 'dist/native/engine.js')).href;
  const script = `import(${JSON.stringify(engine)}).then(({ setDoorbell }) => setDoorbell(() => { throw new Error('rung'); })); setTimeout(() => {}, 5000);`;
  const [error] = await within(4000, 'the thread fails', once(new Worker(script, { eval: true }), 'error'));
  assert.is((error as Error).message, 'rung');
  lineEnd.close();
});

test.run();
