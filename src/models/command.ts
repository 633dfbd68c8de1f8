import { spawn } from 'node:child_process';

const keptLines = 8;

/** Runs a command to its end. Rejects with the last lines that it wrote to stderr when it fails. */
export function runCommand(command: string, args: readonly string[], cwd: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
    let output = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.once('error', (error) => reject(new Error(`${command} could not be started: ${error.message}`)));
    child.once('close', (code, signal) => {
      if (code === 0) return resolve();
      const tail = output.trim().split('\n').slice(-keptLines).join('\n');
      reject(new Error(`${[command, ...args].join(' ')} ended with ${signal ?? `exit code ${code}`}${tail && `:\n${tail}`}`));
    });
  });
}
