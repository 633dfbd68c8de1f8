import { plain } from '../peers/plain-addon.js';

/** Milliseconds of processor time that `work` took on this thread: what others do on the machine does not count. */
export function cpuMs(work: () => void): number {
  const startedMs = plain.threadCpuMs();
  work();
  return plain.threadCpuMs() - startedMs;
}
