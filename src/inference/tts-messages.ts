import type { KokoroFiles } from './kokoro.js';

/** What tts-thread loads. */
export type TtsThreadData =
  | { readonly type: 'flite'; readonly module: string; readonly voice: string }
  | { readonly type: 'kokoro'; readonly runtimeFolder: string; readonly files: KokoroFiles };

export interface TtsRequest {
  readonly text: string;
  /** Silence to follow the speech. */
  readonly pauseMs: number;
}

export interface TtsResponse {
  /** int16, little endian, mono, at -20 dBFS, without silence around it. */
  readonly pcm: Uint8Array<ArrayBuffer>;
  readonly rateHz: number;
  readonly computeMs: number;
}
