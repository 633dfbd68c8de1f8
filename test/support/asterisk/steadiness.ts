import * as assert from 'uvu/assert';
import type { PhoneCall } from '../sip/phone-call.js';
import type { Cadence } from '../sip/rtp-recording.js';

const frameMs = 20;
/** How late one frame in a hundred may be, and the worst of them all. */
const rarelyLateMs = 40;
const neverLateMs = 80;

/**
 * What this machine may add to any time measured on a call: talkpath and Asterisk, one behind the other, may each be
 * kept waiting as long as the phone itself was. Next to nothing on a machine that is not overloaded.
 */
export const machineMs = (call: PhoneCall): number => 2 * call.ownWorstLateMs;

/** The line got a frame each 20 ms in `durationMs`, none missing, none late beyond what the machine does. */
export function assertSteady(call: PhoneCall, cadence: Cadence, durationMs: number): void {
  const text = JSON.stringify(cadence, (_, value) => (typeof value === 'number' ? Math.round(value * 100) / 100 : value));
  const slackMs = machineMs(call);
  const expected = durationMs / frameMs;
  assert.ok(Math.abs(cadence.packets - expected) <= 3 + slackMs / frameMs, `expected ${expected} frames in ${Math.round(durationMs)} ms: ${text}`);
  assert.is(cadence.missing, 0, `no sequence number is missing: ${text}`);
  assert.ok(cadence.p99GapMs <= frameMs + rarelyLateMs + slackMs, `gaps of at most ${frameMs + rarelyLateMs} ms (and ${slackMs}): ${text}`);
  assert.ok(cadence.longestGapMs <= frameMs + neverLateMs + slackMs, `no gap above ${frameMs + neverLateMs} ms (and ${slackMs}): ${text}`);
  assert.ok(cadence.skippedMs <= neverLateMs + slackMs, `no media time is left out: ${text}`);
}

/** One line for the test log. */
export function cadenceLine(cadence: Cadence): string {
  const { packets, medianGapMs, p99GapMs, longestGapMs, worstLateMs, missing } = cadence;
  const ms = (value: number): string => `${value.toFixed(1)} ms`;
  return `${packets} frames, gap median ${ms(medianGapMs)}, p99 ${ms(p99GapMs)}, longest ${ms(longestGapMs)}, latest ${ms(worstLateMs)}, ${missing} missing`;
}
