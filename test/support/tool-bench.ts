import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BookingService } from '#emulators/booking.js';
import { type Clock, systemClock } from '#talkpath/base/clock.js';
import type { Log } from '#talkpath/base/log.js';
import { parseSettings } from '#talkpath/config/load.js';
import type { ToolAnswer } from '#talkpath/providers/provider.js';
import type { CallAction } from '#talkpath/tools/call-tools.js';
import type { ToolUse } from '#talkpath/tools/tool.js';
import { Toolbox, type ToolboxParts } from '#talkpath/tools/toolbox.js';

export type Logged = Readonly<Record<string, unknown>> & { readonly level: string; readonly message: string };

export const useOf = (use: Partial<ToolUse> = {}): ToolUse => ({
  callId: 'call-1',
  caller: { number: '+4930123456', name: 'Anna' },
  variables: { branch: 'north' },
  signal: new AbortController().signal,
  tools: ['hang_up', 'transfer', 'send_digits', 'book'],
  ...use,
});

/** Arguments that the tool `book` takes. */
export const dinner = { date: '2026-02-03', party_size: 4 };

/** Settings of a tool `book` at that address. */
export const bookSettings = (url: string, changes: object = {}): object => ({
  type: 'webhook',
  description: 'Books a table.',
  url: `${url}/bookings`,
  headers: { Authorization: 'Bearer booking-secret' },
  parameters: {
    type: 'object',
    properties: {
      date: { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'The day' },
      party_size: { type: 'integer', minimum: 1, maximum: 20 },
    },
    required: ['date', 'party_size'],
  },
  retry_ms: 10,
  ...changes,
});

/** A booking service, and toolboxes that use it and share a journal, one after another as processes do. */
export class ToolBench {
  readonly folder = mkdtempSync(join(tmpdir(), 'talkpath-tools-'));
  readonly service = new BookingService();
  readonly log: Logged[] = [];
  readonly actions: CallAction[] = [];
  readonly #boxes: Toolbox[] = [];

  static async start(): Promise<ToolBench> {
    const bench = new ToolBench();
    await bench.service.listen();
    return bench;
  }

  /** A toolbox whose `book` has these settings beside its usual ones. */
  toolbox(changes: object = {}, parts: Partial<ToolboxParts> & { readonly settings?: object; readonly url?: string } = {}): Toolbox {
    const { settings: more, url = this.service.url, ...rest } = parts;
    const settings = parseSettings(
      JSON.stringify({ tools: { book: bookSettings(url, changes) }, journal: { folder: this.folder }, ...more }),
      'test',
    );
    const clock: Clock = rest.clock ?? systemClock;
    const box = new Toolbox(settings, { clock, log: this.#takeLog(), carryOut: (action) => this.#carryOut(action), ...rest });
    this.#boxes.push(box);
    return box;
  }

  /** Every line of the journal. */
  journal(): Record<string, unknown>[] {
    const folder = join(this.folder, 'tools');
    return readdirSync(folder).flatMap((name) =>
      readFileSync(join(folder, name), 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Record<string, unknown>),
    );
  }

  /** Everything that was logged or written to disk, as text. */
  traces(): string {
    return JSON.stringify([this.log, this.journal()]);
  }

  async close(): Promise<void> {
    for (const box of this.#boxes) await box.close();
    await this.service.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #carryOut(action: CallAction): ToolAnswer {
    this.actions.push(action);
    return { text: 'It is being done.', isSpokenOf: false };
  }

  #takeLog(): Log {
    const at = (level: string) => (fields: object, message: string) => void this.log.push({ ...fields, level, message });
    return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
  }
}
