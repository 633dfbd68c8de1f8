import { pino } from 'pino';

/** Structured log on stdout, one JSON object a line. No key, transcript or caller's number belongs in it. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

export function createLog(level: LogLevel): Log {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (label: string) => ({ level: label }) } };
  // By way of the stream, which the command line listens to: a full disk or a closed pipe must not end the calls.
  return pino(options, { write: (line) => process.stdout.write(line) });
}

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };
