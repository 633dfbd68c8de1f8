import { randomUUID } from 'node:crypto';
import { Command, InvalidArgumentError } from 'commander';
import pc from 'picocolors';
import { pcmMs } from '../base/audio-format.js';
import { systemClock } from '../base/clock.js';
import { messageOf, TalkpathError } from '../base/errors.js';
import { type CallReport, quantile, reportCall } from '../caller/call-report.js';
import { ensureWritable } from '../caller/output-file.js';
import { stereoRecording } from '../caller/recording.js';
import { SyntheticCaller } from '../caller/synthetic-caller.js';
import { readWav, toMono, writeWav } from '../caller/wav.js';
import { convertRate } from '../native/rate-converter.js';
import { uuidFromText } from '../transports/audiosocket/frame.js';
import { addressFrom } from './address.js';
import { type FetchedRecord, fetchRecord } from './admin-client.js';

interface CallCommandOptions {
  readonly wav: string;
  readonly to?: string;
  readonly admin?: string;
  readonly uuid?: string;
  readonly rate: number;
  readonly out?: string;
  readonly afterGreeting?: boolean;
  readonly maxSeconds: number;
  readonly json?: boolean;
}

const line = { option: '--to', variable: 'TALKPATH_AUDIOSOCKET', standard: '127.0.0.1:9092' };
const adminApi = { option: '--admin', variable: 'TALKPATH_ADMIN', standard: '127.0.0.1:8080' };
const quietAfterMs = 2500;
const noAnswerAfterMs = 8000;
const lookEveryMs = 100;

/** `talkpath call`: a synthetic caller. Exit code 0 only if the call was answered. */
export function callCommand(): Command {
  return new Command('call')
    .description('Dial the AudioSocket port as Asterisk does, play a file, record the answer')
    .requiredOption('--wav <file>', '16-bit PCM WAV that the caller says; any rate, any number of channels')
    .option('--to <host:port>', `AudioSocket address (default: ${line.variable}, else ${line.standard})`)
    .option(
      '--admin <host:port>',
      `admin address, for the transcript; none when it does not answer (default: ${adminApi.variable}, else ${adminApi.standard})`,
    )
    .option('--uuid <uuid>', 'call id (default: a fresh one)', parseUuid)
    .option('--rate <hz>', 'rate of the line: 8000, 16000 or 24000', parseRate, 8000)
    .option('--out <file>', 'stereo WAV to write: caller left, agent right')
    .option('--after-greeting', 'let the agent finish its greeting first')
    .option('--max-seconds <n>', 'hang up after this long, 1 to 3600', parseSeconds, 120)
    .option('--json', 'print one JSON object instead of text')
    .action(async (options: CallCommandOptions) => {
      const callId = options.uuid ?? randomUUID();
      const to = addressFrom(options.to, line);
      const admin = addressFrom(options.admin, adminApi);
      const speech = speechOf(options);
      if (options.out !== undefined) ensureWritable(options.out);
      const { caller, report } = await placeCall(speech, to, callId, options);
      if (options.out !== undefined && report.answered) writeWav(options.out, stereoRecording(caller, options.rate));
      const record = await fetchRecord(admin.text, callId);
      if (options.json) process.stdout.write(`${JSON.stringify({ ...report, record })}\n`);
      else printReport(report, record, to.text, options);
      if (!report.answered) process.exitCode = 1;
    });
}

function parseUuid(value: string): string {
  if (!uuidFromText(value)) throw new InvalidArgumentError('Expected a UUID such as 40325ec2-5efd-4bd3-805f-53576e581d13.');
  return value.toLowerCase();
}

function parseRate(value: string): number {
  const rateHz = Number(value);
  if (![8000, 16000, 24000].includes(rateHz)) throw new InvalidArgumentError('Expected 8000, 16000 or 24000.');
  return rateHz;
}

function parseSeconds(value: string): number {
  const seconds = Number(value);
  if (!(seconds >= 1 && seconds <= 3600)) throw new InvalidArgumentError('Expected a number between 1 and 3600.');
  return seconds;
}

/** What the caller says, at the rate of the line. */
function speechOf({ wav: path, rate }: CallCommandOptions): Uint8Array {
  const wav = readWav(path);
  return convertRate(toMono(wav), wav.rateHz, rate);
}

async function placeCall(
  speech: Uint8Array,
  to: ReturnType<typeof addressFrom>,
  callId: string,
  options: CallCommandOptions,
): Promise<{ caller: SyntheticCaller; report: CallReport }> {
  const caller = new SyntheticCaller({ host: to.host, port: to.port, callId, rateHz: options.rate, clock: systemClock });
  try {
    await caller.dial();
  } catch (error) {
    throw new TalkpathError('TP_ERR_CALL_DIAL', `Nobody answers on ${to.text}: ${messageOf(error)}`, { cause: error });
  }
  const cancelLimit = systemClock.after(options.maxSeconds * 1000, () => caller.hangUp());
  if (options.afterGreeting) await until(caller, () => (silentForMs(caller) ?? caller.sinceStartMs() - noAnswerAfterMs) > 600);
  const saidUntilMs = caller.say(speech) + pcmMs(speech, options.rate);
  await until(caller, () => {
    const agentUntilMs = caller.agentSpeech.intervals.at(-1)?.endMs ?? 0;
    const patienceMs = agentUntilMs > saidUntilMs ? quietAfterMs : noAnswerAfterMs;
    return caller.sinceStartMs() - Math.max(saidUntilMs, agentUntilMs) > patienceMs;
  });
  caller.hangUp();
  cancelLimit();
  return { caller, report: reportCall(caller, callId, await caller.ended) };
}

const silentForMs = (caller: SyntheticCaller): number | undefined => caller.agentSpeech.silentForMs(caller.sinceStartMs());

/** Looks ten times a second until `done`, or the call has ended. */
async function until(caller: SyntheticCaller, done: () => boolean): Promise<void> {
  let over = false;
  void caller.ended.then(() => {
    over = true;
  });
  while (!over && !done()) await new Promise<void>((resolve) => systemClock.after(lookEveryMs, resolve));
}

function printReport(report: CallReport, record: FetchedRecord | undefined, to: string, options: CallCommandOptions): void {
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  const seconds = (ms: number): string => `${(ms / 1000).toFixed(2).padStart(7)} s`;
  say(`call ${report.callId} to ${to} at ${options.rate} Hz: ${report.answered ? pc.green('answered') : pc.red('not answered')}`);
  if (record)
    for (const { who, text, atMs, cut } of record.transcript) say(`${seconds(atMs)}  ${who.padEnd(6)}  ${text}${cut ? pc.dim(' […]') : ''}`);
  else for (const { startMs, endMs } of report.agentSpeech) say(`${seconds(startMs)}  agent   speaks for ${((endMs - startMs) / 1000).toFixed(1)} s`);
  const { received, missing, gapMs } = report.frames;
  say(`frames     ${received} received, ${missing} missing; gap p50 ${gapMs.p50} p99 ${gapMs.p99} max ${gapMs.max} ms`);
  if (report.replyLatenciesMs.length > 0) {
    say(
      `replies    ${report.replyLatenciesMs.length}, latency p50 ${quantile(report.replyLatenciesMs, 0.5)} ms (end of speech to first audio, on the line)`,
    );
  }
  say(`ended      ${report.end} after ${(report.durationMs / 1000).toFixed(1)} s`);
  if (options.out !== undefined && report.answered) say(`recording  ${options.out}`);
}
