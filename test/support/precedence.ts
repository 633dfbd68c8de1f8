import { setPriority } from 'node:os';

const observerNice = -10;
const ordinaryNice = 0;
let observed = 0;

/**
 * The test measures when frames arrive and must not be what is late: where the system allows, it goes before other
 * programs until leave(). What it has just started, by this process id, goes back to its ordinary place.
 */
export function observe(startedPid: number | undefined): void {
  observed += 1;
  place(observerNice);
  if (startedPid !== undefined) place(ordinaryNice, startedPid);
}

/** One process less to observe. */
export function leave(): void {
  observed -= 1;
  if (observed === 0) place(ordinaryNice);
}

function place(nice: number, pid = 0): void {
  try {
    setPriority(pid, nice);
  } catch {
    // Without CAP_SYS_NICE the test runs as it is; a process that has ended has no place.
  }
}
