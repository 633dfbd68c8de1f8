import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import pc from 'picocolors';
import { systemClock } from '../base/clock.js';
import { silentLog } from '../base/log.js';
import { type CallPicture, renderCallPicture } from '../caller/call-picture.js';
import { type CallReport, reportCall } from '../caller/call-report.js';
import { speech } from '../caller/caller-voice.js';
import { type CallerLine, converse } from '../caller/conversation.js';
import { ensureWritable, orRefused, writeOutput } from '../caller/output-file.js';
import { stereoRecording } from '../caller/recording.js';
import { SyntheticCaller } from '../caller/synthetic-caller.js';
import { writeWav } from '../caller/wav.js';
import { parseSettings } from '../config/load.js';
import { createLocalTts } from '../providers/cascade/tts/local.js';
import { startServer } from '../server.js';
import { type FetchedRecord, fetchRecord } from './admin-client.js';

const rateHz = 8000;
const lookEveryMs = 150;

/** What the caller of the demo says, and where it does not let the agent finish. */
const script: readonly { readonly text: string; readonly interruptAfterMs?: number }[] = [
  { text: 'Hello. What are your opening hours?' },
  { text: 'Wait, where are you located?', interruptAfterMs: 1200 },
  { text: 'I would like to leave a message, please.' },
  { text: 'My name is Anna Smith.' },
  { text: 'Five five five, one two three four.' },
  { text: 'Please call me back tomorrow morning.' },
  { text: 'Yes, that is right.' },
  { text: 'No, thank you. Goodbye.' },
];

/** `talkpath demo`: a call to the offline agent, live in the terminal, kept as a recording with a picture of it. */
export function demoCommand(): Command {
  return new Command('demo')
    .description('Call the offline agent, watch the conversation, keep the recording and a picture of it')
    .option('--out-dir <folder>', 'where call.wav and call.svg go', 'demo')
    .action(async ({ outDir }: { outDir: string }) => {
      const say = (line: string): void => void process.stdout.write(`${line}\n`);
      const [wav, svg] = [join(outDir, 'call.wav'), join(outDir, 'call.svg')];
      orRefused(outDir, () => mkdirSync(outDir, { recursive: true }));
      for (const file of [wav, svg]) ensureWritable(file);
      say(pc.dim('starting a server of its own on free ports, with the offline agent…'));
      const settings = parseSettings('audiosocket: { port: 0 }\nadmin: { port: 0 }', 'the demo');
      const server = await startServer(settings, silentLog);
      const admin = `${server.admin.host}:${server.admin.port}`;
      const callId = randomUUID();
      const caller = new SyntheticCaller({ ...server.audiosocket, callId, rateHz, clock: systemClock });
      try {
        const lines = await callerLines();
        await caller.dial();
        const stopWatching = watch(admin, callId, say);
        await converse(caller, lines, systemClock);
        caller.hangUp();
        const report = reportCall(caller, callId, await caller.ended);
        await stopWatching();
        const record = await fetchRecord(admin, callId);
        const recording = stereoRecording(caller, rateHz);
        writeWav(wav, recording);
        writeOutput(svg, renderCallPicture(picture(report, record, recording)));
        summary(report, record, say);
        say(`recording  ${wav} (caller left, agent right)`);
        say(`picture    ${svg}`);
      } finally {
        await server.close(0);
      }
    });
}

async function callerLines(): Promise<CallerLine[]> {
  const voice = await createLocalTts({ tier: 'light', voice: 'slt' });
  try {
    const lines: CallerLine[] = [];
    for (const line of script) lines.push({ ...line, pcm: await speech(voice, line.text, rateHz) });
    return lines;
  } finally {
    await voice.close();
  }
}

/** Prints what is said while it is said; the returned function prints the rest and stops. */
function watch(admin: string, callId: string, say: (line: string) => void): () => Promise<void> {
  let printed = 0;
  let cancel = (): void => {};
  const look = async (final: boolean): Promise<void> => {
    const record = await fetchRecord(admin, callId);
    const entries = record?.transcript ?? [];
    // The newest entry may still grow.
    const settled = final ? entries.length : Math.max(0, entries.length - 1);
    for (; printed < settled; printed += 1) {
      const { who, text, atMs, cut } = entries[printed] as FetchedRecord['transcript'][number];
      const paint = who === 'caller' ? pc.cyan : pc.yellow;
      say(`${(atMs / 1000).toFixed(1).padStart(6)} s  ${paint(who.padEnd(6))}  ${text}${cut ? pc.magenta(' …  (interrupted)') : ''}`);
    }
    if (!final) cancel = systemClock.after(lookEveryMs, () => void look(false));
  };
  void look(false);
  return async () => {
    cancel();
    await look(true);
  };
}

function picture(report: CallReport, record: FetchedRecord | undefined, recording: CallPicture['recording']): CallPicture {
  const { callerSpeech, agentSpeech } = report;
  const replies = callerSpeech.flatMap(({ endMs }, i) => {
    const untilMs = callerSpeech[i + 1]?.startMs ?? Number.POSITIVE_INFINITY;
    const answer = agentSpeech.find(({ startMs }) => startMs >= endMs && startMs < untilMs);
    return answer ? [{ fromMs: endMs, toMs: answer.startMs }] : [];
  });
  const bargeIns = callerSpeech.flatMap(({ startMs }) => {
    const over = agentSpeech.find((agent) => agent.startMs < startMs && agent.endMs > startMs);
    return over ? [{ atMs: startMs, stopMs: over.endMs - startMs }] : [];
  });
  return { title: 'A call to the offline agent', recording, callerSpeech, agentSpeech, transcript: record?.transcript ?? [], replies, bargeIns };
}

function summary(report: CallReport, record: FetchedRecord | undefined, say: (line: string) => void): void {
  const { gapMs, missing } = report.frames;
  const stops = (record?.turns ?? []).flatMap((turn) => turn.bargeInStopMs ?? []);
  say('');
  say(`replies    ${report.replyLatenciesMs.join(', ')} ms after the caller's last word`);
  say(`barge-in   agent silent ${stops.join(', ') || '–'} ms after the caller's first sound`);
  say(`frames     gap p50 ${gapMs.p50} p99 ${gapMs.p99} max ${gapMs.max} ms, ${missing} missing`);
}
