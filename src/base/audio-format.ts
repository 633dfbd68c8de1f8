/** A frame on the wire, of any transport and at any rate. */
export const frameMs = 20;

/** How long int16 mono audio lasts. */
export const pcmMs = (pcm: Uint8Array, rateHz: number): number => (pcm.byteLength * 500) / rateHz;
