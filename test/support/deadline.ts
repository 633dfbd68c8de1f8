/** Milliseconds of this process's monotonic clock. */
export const nowMs = (): number => performance.now();

/** The promise's own outcome, or an error that names `what` did not happen within `ms`. */
export async function within<T>(ms: number, what: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not within ${ms} ms: ${what}`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Asks again and again, for what cannot be waited on as an event (another process's state), until the answer is
 * neither undefined nor false.
 */
export async function eventually<T>(
  ms: number,
  what: string,
  ask: () => Promise<T | undefined | false> | T | undefined | false,
  everyMs = 50,
): Promise<T> {
  const endMs = nowMs() + ms;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (nowMs() >= endMs) throw new Error(`not within ${ms} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
