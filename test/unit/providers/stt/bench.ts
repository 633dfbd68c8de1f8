import { test } from 'uvu';
import { type Clock, systemClock } from '#talkpath/base/clock.js';
import type { SpeechToText } from '#talkpath/providers/cascade/stt/stt.js';
import type { SttCaller } from '../../../support/conformance/stt-caller.js';
import { eventually, within } from '../../../support/deadline.js';
import { ManualClock } from '../../../support/manual-clock.js';

interface Emulated {
  listen(): Promise<void>;
  close(): Promise<void>;
}

/** A speech-to-text and the emulated service that it hears by. */
export interface Bench<Service, Settings> {
  readonly service: Service;
  readonly settings: Settings;
  readonly stt: SpeechToText;
}

interface Kind<Service, Settings> {
  readonly open: () => Service;
  readonly settingsOf: (service: Service) => Settings;
  readonly create: (settings: Settings, clock: Clock) => SpeechToText | Promise<SpeechToText>;
}

/** What declares a test with a service of its own; `itTimed` with a clock that stands still, too. */
export function testsWith<Service extends Emulated, Settings>({ open, settingsOf, create }: Kind<Service, Settings>) {
  const it = (name: string, run: (bench: Bench<Service, Settings>) => Promise<void>, clock: Clock = systemClock): void => {
    test(name, async () => {
      const service = open();
      await service.listen();
      const settings = settingsOf(service);
      try {
        await within(10_000, name, run({ service, settings, stt: await create(settings, clock) }));
      } finally {
        await service.close();
      }
    });
  };
  const itTimed = (name: string, run: (bench: Bench<Service, Settings>, clock: ManualClock) => Promise<void>): void => {
    const clock = new ManualClock();
    it(name, (bench) => run(bench, clock), clock);
  };
  return { it, itTimed };
}

/** The latest words that whoever watches has seen. */
export async function shows(caller: SttCaller, words: string): Promise<void> {
  const latest = (): string | undefined => caller.events.flatMap((event) => (event.type === 'partial' ? [event.text] : [])).at(-1);
  await eventually(2000, `"${words}"`, () => latest() === words, 2);
}
