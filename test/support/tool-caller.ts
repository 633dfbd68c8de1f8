/**
 * A process for tests: the agent of one call wants the tool `book` with the settings given, and the answer is printed.
 * At the point that it is told it says so, and stays there until it is killed.
 */
import { join } from 'node:path';
import { systemClock } from '#talkpath/base/clock.js';
import { silentLog } from '#talkpath/base/log.js';
import { parseSettings } from '#talkpath/config/load.js';
import { httpExchange } from '#talkpath/tools/http-exchange.js';
import { Journal } from '#talkpath/tools/journal.js';
import { Toolbox } from '#talkpath/tools/toolbox.js';
import { dinner, useOf } from './tool-bench.js';

export const crashPoints = ['before-journal', 'after-begun', 'after-answer', 'before-end', 'after-end'] as const;
export type CrashPoint = (typeof crashPoints)[number];

const [, , folder = '', source = '', stopAt] = process.argv;

async function reach(point: CrashPoint): Promise<void> {
  if (point !== stopAt) return;
  process.stdout.write('here\n');
  await new Promise(() => setInterval(() => {}, 1000));
}

class StoppingJournal extends Journal {
  override async begin(...entry: Parameters<Journal['begin']>): Promise<void> {
    await reach('before-journal');
    await super.begin(...entry);
    await reach('after-begun');
  }

  override async end(...entry: Parameters<Journal['end']>): Promise<void> {
    await reach('before-end');
    await super.end(...entry);
    await reach('after-end');
  }
}

if (folder !== '') {
  const send = httpExchange(systemClock);
  const toolbox = new Toolbox(parseSettings(source, 'test'), {
    clock: systemClock,
    log: silentLog,
    carryOut: () => ({ text: '', isSpokenOf: false }),
    journal: new StoppingJournal(join(folder, 'tools'), systemClock, silentLog),
    async exchange(request, limits) {
      const exchange = await send(request, limits);
      await reach('after-answer');
      return exchange;
    },
  });
  const { text } = await toolbox.run('book', dinner, useOf());
  await toolbox.close();
  process.stdout.write(`${JSON.stringify(text)}\n`);
}
