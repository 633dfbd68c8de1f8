import * as assert from 'uvu/assert';
import type { PhoneCall } from '../sip/phone-call.js';
import type { Cadence } from '../sip/rtp-recording.js';
import type { Played } from '../sip/rtp-sender.js';
import type { Bench } from './bench.js';

const frameMs = 20;
/** How late one frame in a hundred may be, and the worst of them all. */
const rarelyLateMs = 40;
const neverLateMs = 80;

/**
 * What this machine may add to a time measured between two moments: twice what it did meanwhile to the phone itself,
 * or to the control call, which a server without any work answers. A few milliseconds, unless it is overloaded.
 */
export function machineMs(bench: Bench, call: PhoneCall, { fromMs, toMs }: Played): number {
  return 2 * Math.max(call.ownWorstLateMs(fromMs, toMs), bench.control.heard.cadence(fromMs, toMs).worstLateMs);
}

/** The line got a frame each 20 ms between two moments, none missing, none late beyond what the machine does. */
export function assertSteady(bench: Bench, call: PhoneCall, { fromMs, toMs }: Played): void {
  const cadence = call.heard.cadence(fromMs, toMs);
  const slackMs = machineMs(bench, call, { fromMs, toMs });
  const text = `${cadenceLine(cadence)}; machine ${slackMs.toFixed(1)} ms`;
  process.stdout.write(`\n  line: ${text}\n`);
  const expected = (toMs - fromMs) / frameMs;
  assert.ok(Math.abs(cadence.packets - expected) <= 3 + slackMs / frameMs, `expected ${expected.toFixed(1)} frames: ${text}`);
  assert.is(cadence.missing, 0, `no sequence number is missing: ${text}`);
  assert.ok(cadence.p99GapMs <= frameMs + rarelyLateMs + slackMs, `gaps of at most ${frameMs + rarelyLateMs} ms: ${text}`);
  assert.ok(cadence.longestGapMs <= frameMs + neverLateMs + slackMs, `no gap above ${frameMs + neverLateMs} ms: ${text}`);
  assert.ok(cadence.skippedMs <= neverLateMs + slackMs, `${cadence.skippedMs} ms of media time are left out: ${text}`);
}

/** One line for the test log. */
export function cadenceLine(cadence: Cadence): string {
  const { packets, medianGapMs, p99GapMs, longestGapMs, worstLateMs, missing } = cadence;
  const ms = (value: number): string => `${value.toFixed(1)} ms`;
  return `${packets} frames, gap median ${ms(medianGapMs)}, p99 ${ms(p99GapMs)}, longest ${ms(longestGapMs)}, latest ${ms(worstLateMs)}, ${missing} missing`;
}
