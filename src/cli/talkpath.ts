#!/usr/bin/env node
import { Command } from 'commander';
import { errorTable, messageOf, TalkpathError } from '../base/errors.js';
import { callCommand } from './call.js';
import { demoCommand } from './demo.js';
import { modelsCommand } from './models.js';
import { serveCommand } from './serve.js';

const program = new Command('talkpath')
  .description('The talk path between a phone call and an AI voice')
  .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'TP_ERR_USAGE: ')) })
  .showHelpAfterError(nextStep(errorTable.TP_ERR_USAGE))
  .addCommand(serveCommand())
  .addCommand(callCommand())
  .addCommand(demoCommand())
  .addCommand(modelsCommand())
  .hook('preAction', ensureCurrentFolder);
inheritSettings(program);

// Calls and recordings go on without whoever read along; that a disk is full is said once.
let isOutputLost = false;
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || isOutputLost) return;
    isOutputLost = true;
    tell(error);
  });
}

try {
  await program.parseAsync();
} catch (error) {
  tell(error);
}

/** Commands that are added ready-made do not take over how errors are shown. */
function inheritSettings(command: Command): void {
  for (const child of command.commands) inheritSettings(child.copyInheritedSettings(command));
}

/** No worker thread starts in a folder that was deleted, and no relative path leads anywhere. */
function ensureCurrentFolder(): void {
  try {
    process.cwd();
  } catch (error) {
    throw new TalkpathError('TP_ERR_SYSTEM', `The current folder is gone: ${messageOf(error)}`, { cause: error });
  }
}

/** What went wrong and what to do next, on stderr; a fault of talkpath itself is thrown on, with its stack. */
function tell(thrown: unknown): void {
  const refusedBySystem = thrown instanceof Error && 'syscall' in thrown;
  const error = refusedBySystem ? new TalkpathError('TP_ERR_SYSTEM', thrown.message) : thrown;
  if (!(error instanceof TalkpathError)) throw error;
  process.exitCode = 1;
  process.stderr.write(`${error.code}: ${error.message}\n${nextStep(error.next)}\n`);
}

function nextStep(next: string): string {
  return `What to do next: ${next}`;
}
