import type { MoonshineFiles, MoonshineShape } from './moonshine.js';

/** What stt-thread loads. */
export interface SttThreadData {
  /** Where the runtime is when npm did not install it. */
  readonly runtimeFolder: string;
  readonly files: MoonshineFiles;
  readonly shape: MoonshineShape;
}

export type SttRequest =
  /** Mono, 16 kHz. */
  | { readonly type: 'recognise'; readonly pcm: Int16Array }
  /** Does the work of an utterance of that length and that many tokens, for measuring. */
  | { readonly type: 'exercise'; readonly seconds: number; readonly tokens: number };

export interface SttResponse {
  readonly text: string;
  readonly computeMs: number;
}
