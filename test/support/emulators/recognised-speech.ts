/** How audio is written; little endian where it has more than one byte. */
export interface HeardFormat {
  readonly encoding: 'linear16' | 'mulaw' | 'alaw';
  readonly rateHz: number;
}

export interface RecognisedWord {
  readonly text: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** What an emulated recogniser knows after each block of the audio. */
export interface Heard {
  /** The end of the block, from the beginning of the audio. */
  readonly atMs: number;
  readonly isLoud: boolean;
  /** Since the caller was last loud; nothing before that. */
  readonly silentMs: number | undefined;
  /** Words that were complete with this block. */
  readonly words: readonly RecognisedWord[];
}

const blockMs = 20;
/** A line is louder than this when somebody speaks. */
const faintest = 32768 * 10 ** (-46 / 20);
/** A caller says a word in this time, or faster when the stretch is too short for all words. */
const wordMs = 200;
/** After this the caller has said all words of the stretch. */
const endsAfterMs = 60;
/** After this it is a new stretch, with other words. */
const separatesAfterMs = 200;

/**
 * Finds speech by its energy, in the audio's own time, and "recognises" in each stretch of it what the test says
 * next: one word after the other while the caller is loud, and the rest when the caller falls silent.
 */
export class RecognisedSpeech {
  readonly #format: HeardFormat;
  readonly #nextText: () => string;
  #rest = Buffer.alloc(0);
  #atMs = 0;
  #loudAtMs: number | undefined;
  #beganMs = 0;
  #toSay: string[] = [];
  #saidMs = 0;

  constructor(format: HeardFormat, nextText: () => string) {
    this.#format = format;
    this.#nextText = nextText;
  }

  /** How much audio was heard. */
  get atMs(): number {
    return this.#atMs;
  }

  hear(audio: Uint8Array, tell: (heard: Heard) => void): void {
    const { encoding, rateHz } = this.#format;
    const blockBytes = ((rateHz * blockMs) / 1000) * (encoding === 'linear16' ? 2 : 1);
    this.#rest = Buffer.concat([this.#rest, audio]);
    while (this.#rest.length >= blockBytes) {
      const isLoud = levelOf(this.#rest.subarray(0, blockBytes), encoding) >= faintest;
      this.#rest = this.#rest.subarray(blockBytes);
      this.#atMs += blockMs;
      const words = this.#wordsAfter(isLoud);
      tell({ atMs: this.#atMs, isLoud, silentMs: this.#loudAtMs === undefined ? undefined : this.#atMs - this.#loudAtMs, words });
    }
  }

  #wordsAfter(isLoud: boolean): RecognisedWord[] {
    const silentMs = this.#loudAtMs === undefined ? Number.POSITIVE_INFINITY : this.#atMs - this.#loudAtMs;
    if (isLoud) {
      if (silentMs >= separatesAfterMs) {
        this.#toSay = this.#nextText().split(' ').filter(Boolean);
        this.#beganMs = this.#atMs - blockMs;
        this.#saidMs = this.#beganMs;
      }
      this.#loudAtMs = this.#atMs;
      return this.#atMs - this.#saidMs >= wordMs ? this.#say(1, this.#atMs) : [];
    }
    return silentMs >= endsAfterMs ? this.#say(this.#toSay.length, this.#loudAtMs ?? 0) : [];
  }

  #say(count: number, untilMs: number): RecognisedWord[] {
    const texts = this.#toSay.splice(0, count);
    const eachMs = (untilMs - this.#saidMs) / Math.max(1, texts.length);
    return texts.map((text) => {
      const fromMs = this.#saidMs;
      this.#saidMs += eachMs;
      return { text, fromMs, toMs: this.#saidMs };
    });
  }
}

function levelOf(block: Buffer, encoding: HeardFormat['encoding']): number {
  const samples = encoding === 'linear16' ? block.length / 2 : block.length;
  let sum = 0;
  for (let i = 0; i < samples; i += 1) sum += sampleOf(block, i, encoding) ** 2;
  return Math.sqrt(sum / samples);
}

/** One int16 sample. After: ITU-T G.711. */
function sampleOf(block: Buffer, i: number, encoding: HeardFormat['encoding']): number {
  if (encoding === 'linear16') return block.readInt16LE(i * 2);
  const code = (block[i] as number) ^ (encoding === 'mulaw' ? 0xff : 0x55);
  const exponent = (code >> 4) & 7;
  const mantissa = code & 15;
  if (encoding === 'mulaw') return (((mantissa << 3) + 0x84) << exponent) - 0x84;
  return exponent === 0 ? (mantissa << 4) + 8 : ((mantissa << 4) + 0x108) << (exponent - 1);
}
