/** A frame on the wire, of any transport and at any rate. */
export const frameMs = 20;

/** How samples are written: int16 little endian, or G.711 with one byte a sample. */
export type AudioEncoding = 'pcm16' | 'mulaw' | 'alaw';

/** Mono audio as it goes to or comes from a provider. */
export interface AudioFormat {
  readonly encoding: AudioEncoding;
  readonly rateHz: number;
}

export const pcm16 = (rateHz: number): AudioFormat => ({ encoding: 'pcm16', rateHz });

const bytesPerSample = (encoding: AudioEncoding): number => (encoding === 'pcm16' ? 2 : 1);

/** How long audio of a format lasts. */
export const audioMs = (audio: Uint8Array, { encoding, rateHz }: AudioFormat): number =>
  (audio.byteLength * 1000) / (rateHz * bytesPerSample(encoding));

/** How many bytes of a format last so long; whole samples. */
export const audioBytes = (ms: number, { encoding, rateHz }: AudioFormat): number => Math.round((ms * rateHz) / 1000) * bytesPerSample(encoding);

/** How long int16 mono audio lasts. */
export const pcmMs = (pcm: Uint8Array, rateHz: number): number => audioMs(pcm, pcm16(rateHz));

/** A format as people read it: "mulaw 8000". */
export const formatName = ({ encoding, rateHz }: AudioFormat): string => `${encoding} ${rateHz}`;

/** Lowest and highest rate of recordings that can be converted, in Hz; the engine's own bounds. */
export const recordingRatesHz = [1000, 384_000] as const;
