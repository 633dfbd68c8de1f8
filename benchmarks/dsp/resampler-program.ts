import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { ResamplerProgram } from '../peers/peer.js';
import type { Conversion } from './measure/resampler-quality.js';
import type { RatePair } from './measure/resampler-signal.js';
import { rounded } from './measure/spread.js';

const longestRunMs = 60_000;

function start(program: ResamplerProgram, { inputRateHz, outputRateHz }: RatePair): ChildProcessByStdio<Writable, Readable, null> {
  const [command, ...args] = program.command(inputRateHz, outputRateHz);
  return spawn(command, args, { stdio: ['pipe', 'pipe', 'ignore'], timeout: longestRunMs });
}

/** What the program makes of the whole signal. It says nothing of frames, as nobody waits for one. */
export async function convertByProgram(program: ResamplerProgram, pair: RatePair, samples: Int16Array): Promise<Conversion> {
  const child = start(program, pair);
  const parts: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => parts.push(part));
  child.stdin.end(Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength));
  await ended(child);
  const bytes = Buffer.concat(parts);
  return { output: new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length - (bytes.length % 2))), samplesPerFrame: [] };
}

/** Feeds the program a frame each 20 ms, as a call would, and looks just before the next how much of it has come back. */
export async function withheldByProgram(
  program: ResamplerProgram,
  pair: RatePair,
  seconds: number,
): Promise<{ withheldMs: number; frameSamples: [number, number] }> {
  const child = start(program, pair);
  let bytesOut = 0;
  child.stdout.on('data', (part: Buffer) => {
    bytesOut += part.length;
  });
  const frame = Buffer.alloc((pair.inputRateHz / 50) * 2);
  const frames = seconds * 50;
  let worstMs = 0;
  let [fewest, most] = [Number.POSITIVE_INFINITY, 0];
  const startedMs = performance.now();
  for (let sent = 0; sent < frames; sent++) {
    const before = bytesOut;
    child.stdin.write(frame);
    await new Promise((resolve) => setTimeout(resolve, startedMs + (sent + 1) * 20 - performance.now()));
    // Programs fill their buffers first.
    if (sent < frames / 2) continue;
    worstMs = Math.max(worstMs, (sent + 1) * 20 - (bytesOut / 2 / pair.outputRateHz) * 1000);
    fewest = Math.min(fewest, (bytesOut - before) / 2);
    most = Math.max(most, (bytesOut - before) / 2);
  }
  child.stdin.end();
  await ended(child);
  return { withheldMs: rounded(worstMs), frameSamples: [fewest, most] };
}

function ended(child: ChildProcessByStdio<Writable, Readable, null>): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => (code === 0 ? resolve() : reject(new Error(`it ended with ${signal ?? `exit code ${code}`}`))));
  });
}
