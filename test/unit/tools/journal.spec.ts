import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { silentLog } from '#talkpath/base/log.js';
import { effectOf, sha256 } from '#talkpath/tools/effect.js';
import { Journal } from '#talkpath/tools/journal.js';
import { within } from '../../support/deadline.js';
import { ManualClock } from '../../support/manual-clock.js';

const dayMs = 24 * 3_600_000;
const day = '2026-01-01';
const effect = effectOf('call', 'book', { name: 'Anna' }, 'arguments');
const other = effectOf('call', 'book', { name: 'Otto' }, 'arguments');
const answer = sha256('done');

interface Bench {
  folder: string;
  clock: ManualClock;
  journals: Journal[];
  warnings: object[];
}

const test = suite<Bench>('the journal');
test.before.each((bench) => {
  bench.folder = join(mkdtempSync(join(tmpdir(), 'talkpath-journal-')), 'state', 'tools');
  bench.clock = new ManualClock();
  bench.journals = [];
  bench.warnings = [];
});
test.after.each(async ({ folder, journals }) => {
  for (const journal of journals) await journal.close();
  rmSync(join(folder, '../..'), { recursive: true, force: true });
});

/** As a process has it that has just started. */
async function started({ folder, clock, journals, warnings }: Bench): Promise<Journal> {
  const journal = new Journal(folder, clock, { ...silentLog, warn: (fields) => void warnings.push(fields) });
  journals.push(journal);
  await journal.load();
  return journal;
}

const filesIn = ({ folder }: Bench): string[] => readdirSync(folder).sort();
const textIn = (bench: Bench): string =>
  filesIn(bench)
    .map((name) => readFileSync(join(bench.folder, name), 'utf8'))
    .join('');
const refusal = async (doing: Promise<unknown>): Promise<{ code: string; message: string }> =>
  doing.then(
    () => assert.unreachable('nothing was refused') as never,
    (error: { code: string; message: string }) => error,
  );

test('what was begun and what ended is known to the next process', async (bench) => {
  const journal = await started(bench);
  await journal.begin(effect);
  await journal.begin(other);
  await journal.end(other, 'answered', answer);
  for (const one of [journal, await started(bench)]) {
    assert.is(one.find(effect.id)?.state, 'begun');
    const ended = one.find(other.id);
    assert.equal(ended?.state === 'done' && [ended.outcome, ended.answer, ended.key], ['answered', answer, other.key]);
    assert.is(one.find('0'.repeat(64)), undefined);
  }
});

test('an entry is in the file when begin() resolves', async (bench) => {
  const journal = await started(bench);
  await journal.begin(effect);
  assert.match(textIn(bench), effect.id);
});

test('a process that does nothing leaves no file', async (bench) => {
  await started(bench);
  assert.equal(filesIn(bench), []);
});

test('folder and files are for this user alone, whatever they were before', async (bench) => {
  mkdirSync(bench.folder, { recursive: true });
  chmodSync(bench.folder, 0o777);
  const journal = await started(bench);
  await journal.begin(effect);
  assert.is(statSync(bench.folder).mode & 0o777, 0o700);
  for (const name of filesIn(bench)) assert.is(statSync(join(bench.folder, name)).mode & 0o777, 0o600);
});

test('entries that come at once are all kept', async (bench) => {
  const journal = await started(bench);
  const effects = Array.from({ length: 200 }, (_, i) => effectOf('call', 'book', { i }, 'arguments'));
  await Promise.all(effects.map((one) => journal.begin(one)));
  const next = await started(bench);
  assert.ok(effects.every(({ id }) => next.find(id)?.state === 'begun'));
  assert.is(filesIn(bench).length, 1);
});

test('neither call nor argument nor answer stands in it', async (bench) => {
  const journal = await started(bench);
  await journal.begin(effectOf('call-of-anna', 'book', { name: 'Anna' }, 'arguments'));
  await journal.end(effectOf('call-of-anna', 'book', { name: 'Anna' }, 'arguments'), 'answered', sha256('Anna is booked'));
  assert.not.match(textIn(bench), /anna/i);
  for (const line of textIn(bench).trim().split('\n')) {
    const names = Object.keys(JSON.parse(line) as object).sort();
    assert.equal(
      names.filter((name) => !['answer', 'at', 'effect', 'key', 'outcome', 'state', 'tool'].includes(name)),
      [],
    );
  }
});

test('a last line that a power cut left in part counts as nothing', async (bench) => {
  const journal = await started(bench);
  await journal.begin(effect);
  await journal.begin(other);
  const [name = ''] = filesIn(bench);
  const text = textIn(bench);
  for (let cut = 1; cut < 60; cut += 7) {
    writeFileSync(join(bench.folder, name), text.slice(0, -cut));
    const next = await started(bench);
    assert.equal([next.find(effect.id)?.state, next.find(other.id)], ['begun', undefined]);
  }
  assert.equal(bench.warnings, []);
});

test('a damaged line further up is told, and the others count', async (bench) => {
  const journal = await started(bench);
  await journal.begin(effect);
  const [name = ''] = filesIn(bench);
  for (const damage of ['\0\0\0', '{"state":"begun"}', '[]', textIn(bench).trim().replace('"state":"begun"', '"state":"half"')]) {
    writeFileSync(join(bench.folder, `${day}-${'a'.repeat(12)}.jsonl`), `${damage}\n${readFileSync(join(bench.folder, name), 'utf8')}`);
    bench.warnings = [];
    assert.is((await started(bench)).find(effect.id)?.state, 'begun');
    assert.equal(bench.warnings, [{ file: `${day}-${'a'.repeat(12)}.jsonl`, lines: 1 }]);
  }
});

test('entries of more than a week ago are forgotten, and their files deleted', async (bench) => {
  const journal = await started(bench);
  await journal.begin(effect);
  bench.clock.advance(7 * dayMs - 60_000);
  assert.is((await started(bench)).find(effect.id)?.state, 'begun');
  bench.clock.advance(dayMs);
  assert.is((await started(bench)).find(effect.id), undefined);
  bench.clock.advance(dayMs);
  writeFileSync(join(bench.folder, 'of somebody else.jsonl'), '');
  await started(bench);
  assert.equal(filesIn(bench), ['of somebody else.jsonl']);
});

test('a process that runs for weeks begins a file each day, and forgets what is old', async (bench) => {
  const journal = await started(bench);
  await journal.begin(effect);
  bench.clock.advance(dayMs);
  await journal.begin(other);
  assert.is(filesIn(bench).length, 2);
  bench.clock.advance(7 * dayMs - 1);
  await journal.begin(effectOf('call', 'book', { name: 'Ida' }, 'arguments'));
  assert.equal([journal.find(effect.id), journal.find(other.id)?.state], [undefined, 'begun']);
});

test('of what two processes wrote that counts after which less may be done, whichever clock was ahead', async (bench) => {
  const write = (name: string, entries: object[]): void =>
    writeFileSync(join(bench.folder, `${day}-${name.repeat(12)}.jsonl`), entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
  const line = { at: bench.clock.wallTime().toISOString(), tool: 'book', effect: effect.id, key: effect.key };
  const begun = { ...line, state: 'begun' };
  const done = (outcome: string) => ({ ...line, state: 'done', outcome, answer });
  const stateOf = async (one: object[], two: object[]): Promise<string | undefined> => {
    mkdirSync(bench.folder, { recursive: true });
    write('a', one);
    write('b', two);
    const found = (await started(bench)).find(effect.id);
    return found?.state === 'done' ? found.outcome : found?.state;
  };
  for (const swap of [false, true]) {
    const both = (one: object[], two: object[]): Promise<string | undefined> => (swap ? stateOf(two, one) : stateOf(one, two));
    assert.is(await both([begun], [begun, done('answered')]), 'answered');
    assert.is(await both([begun], [begun, done('not-done')]), 'begun');
    assert.is(await both([begun], [begun, done('refused')]), 'begun');
    assert.is(await both([begun, done('refused')], [begun, done('not-done')]), 'refused');
    assert.is(await both([begun, done('not-done'), begun], [begun, done('not-done')]), 'begun');
  }
});

test('where no folder can be, nothing may begin', async (bench) => {
  mkdirSync(join(bench.folder, '..'), { recursive: true });
  writeFileSync(bench.folder, 'a file');
  const journal = new Journal(bench.folder, bench.clock, silentLog);
  const { code, message } = await refusal(journal.load());
  assert.is(code, 'TP_ERR_JOURNAL_FOLDER');
  assert.match(message, `The journal of tools in ${bench.folder} cannot be read: EEXIST`);
  rmSync(bench.folder);
  await journal.load();
  const nowhere = new Journal('/proc/nowhere/tools', bench.clock, silentLog);
  assert.is((await refusal(within(5000, 'no folder below /proc', nowhere.load()))).code, 'TP_ERR_JOURNAL_FOLDER');
});

test('where no file can be written any more, nothing may begin until it can', async (bench) => {
  const journal = await started(bench);
  rmSync(bench.folder, { recursive: true });
  writeFileSync(bench.folder, 'a file');
  for (let i = 0; i < 2; i += 1) {
    const { code, message } = await refusal(journal.begin(effect));
    assert.is(code, 'TP_ERR_JOURNAL_FOLDER');
    assert.match(message, 'cannot be written');
    assert.is(journal.find(effect.id), undefined);
  }
  rmSync(bench.folder);
  await journal.begin(effect);
  assert.is((await started(bench)).find(effect.id)?.state, 'begun');
});

test('an end that cannot be written is known to this process all the same', async (bench) => {
  const journal = await started(bench);
  await journal.begin(effect);
  bench.clock.advance(dayMs);
  rmSync(bench.folder, { recursive: true });
  writeFileSync(bench.folder, 'a file');
  assert.is((await refusal(journal.end(effect, 'answered', answer))).code, 'TP_ERR_JOURNAL_FOLDER');
  assert.is(journal.find(effect.id)?.state, 'done');
});

test.run();
