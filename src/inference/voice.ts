/** A speech synthesiser on the inference thread. */
export interface Voice {
  readonly rateHz: number;
  /** Speaks a few words to a sentence: mono, -1 to 1, at the level and with the silences that the model gives. */
  synthesise(text: string): Promise<Float32Array>;
}
