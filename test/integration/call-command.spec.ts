import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readWav } from '#talkpath/caller/wav.js';
import { ScriptedAgent } from '../support/scripted-agent.js';
import { tone } from '../support/sound.js';
import { TalkpathProcess } from '../support/talkpath-process.js';
import { type Run, runTalkpath } from '../support/talkpath-run.js';
import { wavBytes } from '../support/wav.js';

const test = suite('talkpath call');
let talkpath: TalkpathProcess;
let agents: ScriptedAgent[];
/** Calls that take their time, beside the other tests. */
let beside: { readonly answered: Promise<Run>; readonly unanswered: Promise<Run> };
const folder = mkdtempSync(join(tmpdir(), 'talkpath-call-'));
const speech = join(folder, 'speech.wav');
test.before(async () => {
  const monologue = join(folder, 'monologue.wav');
  writeFileSync(monologue, wavBytes({ rateHz: 8000, samples: tone(600, 3200, 8000, -15) }));
  writeFileSync(speech, wavBytes({ rateHz: 16_000, samples: tone(600, 1000, 16_000, -15) }));
  talkpath = await TalkpathProcess.start({ environment: { TALKPATH_PROVIDER: 'echo' }, settings: 'audiosocket: {require_registration: true}' });
  agents = [
    await ScriptedAgent.start([
      [0, 500],
      [5500, 6000],
    ]),
    await ScriptedAgent.start([]),
  ];
  const [answers, silent] = agents.map(({ address }) => ['call', '--to', address, '--admin', '127.0.0.1:1', '--json', '--wav']);
  beside = {
    answered: runTalkpath([...(answers ?? []), monologue, '--after-greeting']),
    unanswered: runTalkpath([...(silent ?? []), speech]),
  };
});
test.after(async () => {
  await talkpath.kill();
  for (const agent of agents) agent.stop();
  rmSync(folder, { recursive: true });
});

const call = (...options: readonly string[]) => runTalkpath(['call', '--to', talkpath.audiosocket, '--admin', talkpath.admin, ...options]);

test('a call that is answered reports what the caller heard, writes it down, and succeeds', async () => {
  const [uuid, out] = ['40325ec2-5efd-4bd3-805f-53576e581d13', join(folder, 'out.wav')];
  await talkpath.announce(uuid, { profile: 'wideband' });
  const { code, stdout, stderr } = await call('--wav', speech, '--uuid', uuid, '--rate', '16000', '--out', out, '--json');
  assert.is(code, 0, stderr);
  const report = JSON.parse(stdout);
  assert.equal([report.callId, report.answered, report.end, report.frames.missing], [uuid, true, 'caller-hung-up', 0]);
  assert.is(report.callerSpeech.length, 1);
  assert.is(report.agentSpeech.length, 1, 'the echo of the tone');
  assert.is(report.record.plan.profile, 'wideband');
  const { rateHz, channels, pcm } = readWav(out);
  assert.equal([rateHz, channels], [16_000, 2]);
  assert.ok(Math.abs(pcm.byteLength / 64 - report.durationMs) < 200, `${pcm.byteLength / 64} ms of recording for ${report.durationMs} ms`);
});

test('a call that is turned away fails, in words and by its exit code', async () => {
  const { code, stdout } = await call('--wav', speech);
  assert.is(code, 1);
  assert.match(stdout, /not answered/);
});

test('a call to where nobody listens fails with the address', async () => {
  const { code, stderr } = await runTalkpath(['call', '--wav', speech, '--to', '127.0.0.1:1']);
  assert.is(code, 1);
  assert.match(stderr, /^TP_ERR_CALL_DIAL: Nobody answers on 127\.0\.0\.1:1: .*ECONNREFUSED.*\nWhat to do next: start talkpath serve there/);
});

test('a call with a file that is no recording fails before it dials', async () => {
  const text = join(folder, 'text.wav');
  writeFileSync(text, 'no recording');
  const { code, stderr } = await call('--wav', text);
  assert.is(code, 1);
  assert.match(stderr, /^TP_ERR_WAV_FORMAT: /);
  assert.is(readFileSync(text, 'utf8'), 'no recording');
});

test('a call with a file that is not there, or to keep where it cannot be kept, fails before it dials', async () => {
  const nobody = ['call', '--to', '127.0.0.1:1', '--wav'];
  const missing = await runTalkpath([...nobody, 'missing.wav']);
  assert.match(missing.stderr, /^TP_ERR_WAV_READ: missing\.wav cannot be read: ENOENT.*\nWhat to do next: name a WAV file that is there/);
  for (const out of ['/dev/null/out.wav', folder, join(folder, 'nowhere', 'out.wav')]) {
    const { code, stderr } = await runTalkpath([...nobody, speech, '--out', out]);
    assert.is(code, 1);
    assert.ok(stderr.startsWith(`TP_ERR_FILE_WRITE: ${out} cannot be written: `), stderr);
  }
  const kept = join(folder, 'kept.wav');
  writeFileSync(kept, 'what was there');
  assert.match((await runTalkpath([...nobody, speech, '--out', kept])).stderr, /^TP_ERR_CALL_DIAL/);
  assert.is(readFileSync(kept, 'utf8'), 'what was there');
});

test('options that cannot be are refused with what they should be', async () => {
  const rate = await call('--wav', speech, '--rate', '11025');
  assert.is(rate.code, 1);
  assert.match(rate.stderr, /Expected 8000, 16000 or 24000/);
  for (const options of [
    ['--uuid', '12'],
    ['--max-seconds', 'soon'],
    ['--to', 'nowhere'],
    ['--admin', 'nowhere'],
  ]) {
    const { code, stderr } = await call('--wav', speech, ...options);
    assert.is(code, 1, options.join(' '));
    assert.match(stderr, /^TP_ERR_USAGE: .*Expected .+\nWhat to do next: run the command with --help.*\n$/, options.join(' '));
    assert.match(stderr, new RegExp(`${options[0]}\\b.*${options[1]}`), 'the option and its value');
  }
});

test('an address of the environment that is none is refused by the name of its variable', async () => {
  for (const variable of ['TALKPATH_AUDIOSOCKET', 'TALKPATH_ADMIN']) {
    const { code, stderr } = await runTalkpath(['call', '--wav', speech], { environment: { [variable]: 'planted-7f3a' } });
    assert.is(code, 1);
    assert.match(
      stderr,
      new RegExp(`^TP_ERR_USAGE: Expected host:port, such as 127\\.0\\.0\\.1:\\d+, for ${variable} but received something else\n`),
    );
  }
});

test('the caller waits for the answer to its last words, however long ago the greeting was', async () => {
  const { code, stdout, stderr } = await beside.answered;
  assert.is(code, 0, stderr);
  const { agentSpeech, replyLatenciesMs, end } = JSON.parse(stdout);
  assert.equal([agentSpeech.length, replyLatenciesMs.length, end], [2, 1, 'caller-hung-up']);
});

test('the caller gives an agent who never speaks 8 s, and hangs up', async () => {
  const { stdout } = await beside.unanswered;
  const { durationMs, agentSpeech, end } = JSON.parse(stdout);
  assert.equal([agentSpeech, end], [[], 'caller-hung-up']);
  assert.ok(durationMs > 8900 && durationMs < 10_500, `after ${durationMs} ms`);
});

test.run();
