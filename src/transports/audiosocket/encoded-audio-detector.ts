const windowMs = 2000;
const windowsNeeded = 2;
const encodedBytesPerSecond = 8000;
const tolerance = 0.06;
const slin8Kind = 0x10;

/**
 * Notices encoded audio that is announced as linear: Dial(AudioSocket/…) without c(slin) sends µ-law, A-law or G.722
 * payloads as kind 0x10. A frame alone does not tell (160 bytes are 10 ms of linear audio too); the bytes per second
 * of wall clock do: 8,000 instead of 16,000. A linear stream that lost half of its frames looks the same in bytes,
 * but then its frames come late: so most frames must also follow each other at their encoded length.
 */
export class EncodedAudioDetector {
  #windowStartMs = -1;
  #lastMs = 0;
  #lastCount = 0;
  #bytes = 0;
  #frames = 0;
  #framesAtEncodedPace = 0;
  #windowsSeen = 0;

  /** Takes the next audio frame; true when the last two windows were encoded audio. */
  takes(kind: number, count: number, nowMs: number): boolean {
    if (kind !== slin8Kind) return false;
    if (this.#windowStartMs < 0) {
      this.#begin(nowMs);
    } else {
      this.#bytes += count;
      this.#frames += 1;
      const expectedMs = (this.#lastCount * 1000) / encodedBytesPerSecond;
      if (Math.abs(nowMs - this.#lastMs - expectedMs) < expectedMs / 2) this.#framesAtEncodedPace += 1;
    }
    this.#lastMs = nowMs;
    this.#lastCount = count;
    const elapsedMs = nowMs - this.#windowStartMs;
    if (elapsedMs < windowMs) return false;
    const rate = (this.#bytes * 1000) / elapsedMs;
    const encoded = Math.abs(rate / encodedBytesPerSecond - 1) < tolerance && this.#framesAtEncodedPace > 0.7 * this.#frames;
    this.#windowsSeen = encoded ? this.#windowsSeen + 1 : 0;
    this.#begin(nowMs);
    return this.#windowsSeen >= windowsNeeded;
  }

  #begin(nowMs: number): void {
    this.#windowStartMs = nowMs;
    this.#bytes = 0;
    this.#frames = 0;
    this.#framesAtEncodedPace = 0;
  }
}
