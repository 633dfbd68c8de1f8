import { OpenAiRealtimeService } from '#emulators/openai-realtime.js';
import { ServerProcess } from './server-process.js';

/** Of silence that the services wait for before they take a turn for ended. */
export const silenceMs = 400;

/** A server whose first provider may fail and whose second is well, both emulated. */
export interface ServicePair {
  readonly server: ServerProcess;
  readonly first: OpenAiRealtimeService;
  readonly second: OpenAiRealtimeService;
  close(): Promise<void>;
}

export async function openServicePair(turnTaking = ''): Promise<ServicePair> {
  const [first, second] = [new OpenAiRealtimeService(), new OpenAiRealtimeService()];
  for (const service of [first, second]) {
    await service.listen();
    service.pace = 1.5;
    service.createMs = 20;
    service.firstAudioMs = 150;
  }
  // A service that fails all the time would soon be left alone.
  const limits = 'limits: { failures_to_open: 100, open_s: 1 }';
  const provider = (service: OpenAiRealtimeService): string =>
    `{ type: openai-realtime, url: "${service.base}", api_key: ${service.key}, silence_ms: ${silenceMs}, ${limits} }`;
  const server = await ServerProcess.start(
    {},
    `
default_provider: first
fallback: [second]
providers: { first: ${provider(first)}, second: ${provider(second)} }
health: { probe_every_s: 0 }
logging: { level: error }
${turnTaking}
`,
  );
  return {
    server,
    first,
    second,
    async close() {
      await server.stop();
      await first.close();
      await second.close();
    },
  };
}

/** Runs `call` for each number from 1 to `calls`, so many at once. */
export async function placeCalls(calls: number, atOnce: number, call: (n: number) => Promise<void>): Promise<void> {
  let begun = 0;
  const caller = async (): Promise<void> => {
    while (begun < calls) {
      begun += 1;
      await call(begun);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, calls) }, caller));
}
