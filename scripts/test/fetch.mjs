#!/usr/bin/env node
// Fetches what a test suite needs beyond the project, and prints the folder it is in: fetch.mjs asterisk|speech|clean-root [--refresh]
import { runSteps } from '../setup/report.mjs';
import { asterisk, asteriskFolder } from './asterisk.mjs';
import { cleanRoot, cleanRootFolder } from './clean-root.mjs';
import { speech, speechFolder } from './speech.mjs';

const things = {
  asterisk: { step: asterisk, folder: asteriskFolder },
  speech: { step: speech, folder: speechFolder },
  'clean-root': { step: cleanRoot, folder: cleanRootFolder },
};

const [name, option] = process.argv.slice(2);
const thing = things[name];
if (!thing) {
  process.stderr.write(`Expected one of ${Object.keys(things).join(', ')} but received ${name ?? 'nothing'}\n`);
  process.exit(2);
}
await runSteps([thing.step({ refresh: option === '--refresh' })]);
process.stdout.write(`${thing.folder()}\n`);
