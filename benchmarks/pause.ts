import { systemClock } from '#talkpath/base/clock.js';

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => systemClock.after(ms, resolve));
}
