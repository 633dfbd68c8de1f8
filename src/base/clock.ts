/** The only place that asks the system for the time: everything else takes a Clock, so that tests can hold it still. */
export interface Clock {
  /** Milliseconds of the monotonic clock that the engine uses too, the same on every thread. */
  nowMs(): number;
  /** Wall-clock time, for records that people read. */
  wallTime(): Date;
  /** Runs `action` once after `delayMs`; the returned function calls it off. */
  after(delayMs: number, action: () => void): () => void;
}

export const systemClock: Clock = {
  nowMs: () => Number(process.hrtime.bigint()) / 1e6,
  wallTime: () => new Date(),
  after(delayMs, action) {
    const timer = setTimeout(action, delayMs);
    return () => clearTimeout(timer);
  },
};
