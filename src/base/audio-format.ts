/** A frame on the wire, of any transport and at any rate. */
export const frameMs = 20;
