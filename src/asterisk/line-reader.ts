const lineFeed = 10;
const carriageReturn = 13;

/** Puts the pieces of a TCP stream together to lines of UTF-8 that end in LF or CR LF. */
export class LineReader {
  readonly #longestBytes: number;
  #rest = Buffer.alloc(0);

  constructor(longestBytes: number) {
    this.#longestBytes = longestBytes;
  }

  /** The lines that this piece completes; undefined when one is longer than may be: the stream is of no use any more. */
  push(piece: Uint8Array): string[] | undefined {
    const bytes = Buffer.concat([this.#rest, piece]);
    const lines: string[] = [];
    let start = 0;
    for (let end = bytes.indexOf(lineFeed, this.#rest.length); end >= 0; end = bytes.indexOf(lineFeed, start)) {
      if (end - start > this.#longestBytes) return undefined;
      lines.push(bytes.toString('utf8', start, end > start && bytes[end - 1] === carriageReturn ? end - 1 : end));
      start = end + 1;
    }
    this.#rest = bytes.subarray(start);
    return this.#rest.length > this.#longestBytes ? undefined : lines;
  }
}
