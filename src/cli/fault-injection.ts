import { systemClock } from '../base/clock.js';

/**
 * Makes the control thread busy for the first number of milliseconds of every second number ("500/2000"), to prove
 * that the line does not hear it. Does nothing without a setting.
 */
export function stallControlThread(setting: string | undefined): void {
  const [, busyMs, everyMs] = /^(\d+)\/(\d+)$/.exec(setting ?? '') ?? [];
  if (busyMs === undefined || everyMs === undefined) return;
  const stall = (): void => {
    const untilMs = systemClock.nowMs() + Number(busyMs);
    while (systemClock.nowMs() < untilMs);
    systemClock.after(Number(everyMs) - Number(busyMs), stall);
  };
  systemClock.after(Number(everyMs), stall);
}
