/** A benchmark's driver that takes its process with it. */
export function load(): never {
  process.abort();
}
