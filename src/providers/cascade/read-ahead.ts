/**
 * The same items, in the same order, read from their source as soon as it gives them and not only when they are asked
 * for: what follows goes on while an item is dealt with. Ends or fails where the source does; a reader that stops
 * early ends the source.
 */
export async function* readAhead<T>(source: AsyncIterable<T>): AsyncGenerator<T> {
  const read: T[] = [];
  let isOver = false;
  let failure: { readonly error: unknown } | undefined;
  let wake: () => void = () => {};
  const iterator = source[Symbol.asyncIterator]();
  const reading = (async () => {
    try {
      for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
        read.push(next.value);
        wake();
      }
    } catch (error) {
      failure = { error };
    }
    isOver = true;
    wake();
  })();
  try {
    for (;;) {
      while (read.length > 0) yield read.shift() as T;
      if (isOver) break;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    if (failure) throw failure.error;
  } finally {
    // What it does at its end is of no interest any more.
    if (!isOver) iterator.return?.(undefined).catch(() => {});
    void reading;
  }
}
