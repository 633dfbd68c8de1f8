/**
 * talkpath's own share of what a caller waits for with each service: from the last sample of the caller's words to the
 * first of the reply, less the silence that is set and less the times that the emulated service itself takes.
 *   services [turns]
 */
import { quantile } from '#talkpath/caller/call-report.js';
import { mostCalls, numberAt } from './argument.js';
import { askQuestions } from './asked-questions.js';
import { measuredServices } from './measured-services.js';
import { writeResult } from './result.js';
import { ServerProcess } from './server-process.js';
import { placeCalls } from './service-pair.js';

const turns = numberAt(1, 'turns', mostCalls, 200);

const shares: Record<string, object> = {};
// Two at a time, each with a server of its own.
await placeCalls(measuredServices.length, 2, async (n) => {
  const service = await (measuredServices[n - 1] as (typeof measuredServices)[number])();
  const server = await ServerProcess.start({}, service.settings);
  try {
    const ownMs: number[] = [];
    await askQuestions(server, service, turns, (turn) => ownMs.push(service.ownShareMs(turn)));
    shares[service.name] = { p50: quantile(ownMs, 0.5), p95: quantile(ownMs, 0.95), p99: quantile(ownMs, 0.99), max: quantile(ownMs, 1) };
    process.stderr.write(`${service.name}: ${JSON.stringify(shares[service.name])}\n`);
  } finally {
    await server.stop();
    await service.close();
  }
});
writeResult('services', {
  turns,
  what: `end of the caller's speech to first sample of the reply, less the set silence and the service's own times, ${turns} turns each, ms`,
  shares,
});
