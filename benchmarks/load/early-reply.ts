/**
 * What an early reply saves: from the last sample of the caller's words to the first of the answer, with a language
 * model that takes its time, asked when the turn is over and asked when the caller falls silent.
 *   early-reply [turns]
 */
import { quantile } from '#talkpath/caller/call-report.js';
import { mostCalls, numberAt } from './argument.js';
import { askQuestions } from './asked-questions.js';
import { cascade } from './measured-services.js';
import { writeResult } from './result.js';
import { ServerProcess } from './server-process.js';

const turns = numberAt(1, 'turns', mostCalls, 50);
const tokenMs = 40;

async function waits(earlyReply: boolean): Promise<{ p50: number; p95: number }> {
  const service = await cascade({ tokenMs, earlyReply });
  const server = await ServerProcess.start({}, service.settings);
  const waitsMs: number[] = [];
  try {
    await askQuestions(server, service, turns, ({ saidMs, heardMs }) => waitsMs.push(heardMs - saidMs));
  } finally {
    await server.stop();
    await service.close();
  }
  return { p50: quantile(waitsMs, 0.5), p95: quantile(waitsMs, 0.95) };
}

writeResult('early-reply', {
  turns,
  what: `end of the caller's speech to the first sample of the answer of a cascade, ${turns} turns each, ms; of the model ${tokenMs} ms a token`,
  asked: await waits(false),
  early: await waits(true),
});
