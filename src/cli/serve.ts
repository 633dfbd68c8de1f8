import { Command } from 'commander';
import { systemClock } from '../base/clock.js';
import { createLog } from '../base/log.js';
import { loadSettings } from '../config/load.js';
import { startServer } from '../server.js';
import { stallControlThread } from './fault-injection.js';
import { fileLimitWarning } from './file-limit.js';

const graceMs = 10_000;

/** `talkpath serve`: runs until SIGTERM, SIGINT or SIGHUP, then lets the calls at hand end; a second signal ends at once. */
export function serveCommand(): Command {
  return new Command('serve')
    .description('Answer AudioSocket calls')
    .option('-c, --config <file>', 'settings file (default: TALKPATH_CONFIG, else talkpath.yaml if there is one)')
    .action(async ({ config }: { config?: string }) => {
      const settings = loadSettings({ file: config });
      const log = createLog(settings.logging.level);
      const { max_calls: maxCalls, max_unidentified: maxUnidentified } = settings.audiosocket;
      const warning = fileLimitWarning(maxCalls, maxUnidentified);
      if (warning) log.warn({}, warning);
      const server = await startServer(settings, log);
      let stopping = false;
      const stop = (signal: string): void => {
        if (stopping) process.exit(1);
        stopping = true;
        log.info({ signal, graceMs }, 'shutting down: no new calls');
        void server.close(graceMs).then(() => process.exit());
      };
      process.on('SIGTERM', stop);
      process.on('SIGINT', stop);
      process.on('SIGHUP', stop);
      // Whoever watches over the process starts it again; a half-dead one would only turn callers away.
      void server.failed.then(() => process.exit(1));
      const address = ({ host, port }: { host: string; port: number }): string => (host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`);
      const agi = server.agi && { agi: address(server.agi) };
      // Said whatever the log level: outsiders wait for this line.
      process.stdout.write(
        `${JSON.stringify({ level: 'info', time: systemClock.wallTime().toISOString(), audiosocket: address(server.audiosocket), admin: address(server.admin), ...agi, provider: settings.default_provider, msg: 'ready' })}\n`,
      );
      stallControlThread(process.env.TALKPATH_TEST_STALL_MS);
    });
}
