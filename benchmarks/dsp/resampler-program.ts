import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { ResamplerProgram } from '../peers/peer.js';
import type { Conversion } from './measure/resampler-quality.js';
import type { RatePair } from './measure/resampler-signal.js';
import { quantile, rounded } from './measure/spread.js';

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
  const lagsMs: number[] = [];
  const counts: number[] = [];
  const startedMs = performance.now();
  // Programs start up and fill their buffers first.
  let settledAt = Number.POSITIVE_INFINITY;
  for (let sent = 1; lagsMs.length < seconds * 50 && performance.now() - startedMs < longestRunMs / 2; sent++) {
    const before = bytesOut;
    child.stdin.write(frame);
    await new Promise((resolve) => setTimeout(resolve, startedMs + sent * 20 - performance.now()));
    if (bytesOut > 0) settledAt = Math.min(settledAt, sent + 50);
    if (sent < settledAt) continue;
    lagsMs.push(sent * 20 - (bytesOut / 2 / pair.outputRateHz) * 1000);
    counts.push((bytesOut - before) / 2);
  }
  child.stdin.end();
  await ended(child);
  if (lagsMs.length === 0) throw new Error('nothing came out in real time');
  // A few late frames are the machine's, as the program runs beside everything else.
  return { withheldMs: rounded(quantile(lagsMs, 0.95)), frameSamples: [Math.min(...counts), Math.max(...counts)] };
}

function ended(child: ChildProcessByStdio<Writable, Readable, null>): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => (code === 0 ? resolve() : reject(new Error(`it ended with ${signal ?? `exit code ${code}`}`))));
  });
}
