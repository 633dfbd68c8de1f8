import { writeResult as keepResult } from '../result.js';

/** Prints a load benchmark's result and keeps it. */
export function writeResult(name: string, result: object): void {
  keepResult(name, result, `npm run bench:load -- ${[name, ...process.argv.slice(2)].join(':')}`);
  process.stdout.write(`${name}: ${JSON.stringify(result)}\n`);
}
