#!/usr/bin/env node
import { Command } from 'commander';
import { TalkpathError } from '../base/errors.js';
import { callCommand } from './call.js';
import { demoCommand } from './demo.js';
import { modelsCommand } from './models.js';
import { serveCommand } from './serve.js';

const program = new Command('talkpath')
  .description('The talk path between a phone call and an AI voice')
  .addCommand(serveCommand())
  .addCommand(callCommand())
  .addCommand(demoCommand())
  .addCommand(modelsCommand())
  .showHelpAfterError();

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof TalkpathError)) throw error;
  process.stderr.write(`${error.code}: ${error.message}\nWhat to do next: ${error.next}\n`);
  process.exitCode = 1;
}
