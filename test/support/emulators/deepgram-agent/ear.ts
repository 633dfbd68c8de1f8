import type { AudioSettings } from './client-messages.js';

const blockMs = 20;
const startMs = 100;
/** Mean size of a sample, of 32768, above which there is speech. */
const loud = 500;

/** Hears speech in a caller's audio by its energy, in the audio's own time. */
export class Ear {
  readonly #format: AudioSettings;
  readonly #blockBytes: number;
  #rest = Buffer.alloc(0);
  #loudMs = 0;
  #quietMs = 0;
  isSpeech = false;

  constructor(format: AudioSettings) {
    this.#format = format;
    this.#blockBytes = ((format.sample_rate * blockMs) / 1000) * (format.encoding === 'linear16' ? 2 : 1);
  }

  /** Takes audio. `endMs` of silence ends speech. */
  hear(audio: Buffer, endMs: number, tell: (what: 'started' | 'ended') => void): void {
    this.#rest = Buffer.concat([this.#rest, audio]);
    while (this.#rest.length >= this.#blockBytes) {
      const block = this.#rest.subarray(0, this.#blockBytes);
      this.#rest = this.#rest.subarray(this.#blockBytes);
      const isLoud = meanSize(block, this.#format.encoding) > loud;
      this.#loudMs = isLoud ? this.#loudMs + blockMs : 0;
      this.#quietMs = isLoud ? 0 : this.#quietMs + blockMs;
      if (!this.isSpeech && this.#loudMs >= startMs) {
        this.isSpeech = true;
        tell('started');
      } else if (this.isSpeech && this.#quietMs >= endMs) {
        this.isSpeech = false;
        tell('ended');
      }
    }
  }

  /** The turn was ended by force: what follows is new. */
  forget(): void {
    this.isSpeech = false;
    this.#loudMs = 0;
  }
}

function meanSize(block: Buffer, encoding: AudioSettings['encoding']): number {
  let sum = 0;
  if (encoding === 'linear16') {
    for (let i = 0; i + 1 < block.length; i += 2) sum += Math.abs(block.readInt16LE(i));
    return sum / (block.length / 2);
  }
  for (const byte of block) sum += encoding === 'mulaw' ? mulawSize(byte) : alawSize(byte);
  return sum / block.length;
}

/** Of a G.711 byte without its sign. */
function mulawSize(byte: number): number {
  const code = ~byte & 0x7f;
  return (((code & 0x0f) * 8 + 132) << (code >> 4)) - 132;
}

function alawSize(byte: number): number {
  const code = (byte ^ 0x55) & 0x7f;
  const [exponent, mantissa] = [code >> 4, code & 0x0f];
  return exponent === 0 ? mantissa * 16 + 8 : (mantissa * 16 + 264) << (exponent - 1);
}
