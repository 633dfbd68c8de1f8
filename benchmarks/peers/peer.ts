/** What kind of thing does the work, as it decides what the times can be compared with. */
export type Kind = 'talkpath' | 'plain C' | 'native addon' | 'wasm' | 'javascript' | 'process';

interface Driver {
  readonly name: string;
  readonly kind: Kind;
  /** Where it is used otherwise than its own documentation or its users do. */
  readonly note?: string;
}

/** A resampler in the middle of a stream: mono int16 in and out. */
export interface ResamplerStream {
  /** Takes 20 ms, gives what comes out now. */
  process(frame: Int16Array): Int16Array;
  close(): void;
  /** Plain C alone: runs all of `input` frame by frame and returns the milliseconds it took. */
  timeMs?(input: Int16Array, frameSamples: number): number;
}

export interface ResamplerDriver extends Driver {
  open(inputRateHz: number, outputRateHz: number): ResamplerStream | Promise<ResamplerStream>;
}

/** A resampler that is a program: raw int16 on its standard input and output. */
export interface ResamplerProgram extends Driver {
  readonly kind: 'process';
  command(inputRateHz: number, outputRateHz: number): readonly [program: string, ...args: string[]];
}

export interface EchoStream {
  /** Takes 10 ms of the line and the 10 ms that were played to it; gives 10 ms, or nothing yet. */
  process(nearEnd: Int16Array, farEnd: Int16Array): Int16Array;
  close(): void;
  timeMs?(nearEnd: Int16Array, farEnd: Int16Array, blockSamples: number): number;
}

export interface EchoDriver extends Driver {
  open(sampleRateHz: number): EchoStream | Promise<EchoStream>;
}

export interface VoiceStream {
  /** Takes a frame and says how probable speech is: 0 to 1. */
  process(frame: Int16Array): number | Promise<number>;
  /** Whether it takes that frame for speech where it decides itself; otherwise a probability of 0.5 does. */
  speech?(): boolean;
  close(): void;
  timeMs?(input: Int16Array, frameSamples: number): number;
}

export interface VoiceDriver extends Driver {
  readonly sampleRateHz: number;
  readonly frameSamples: number;
  /** How it decides as it is used, where more than its time is of interest. */
  readonly usedAs?: string;
  /** Detectors that it runs side by side, where that is not one. */
  readonly instances?: number;
  open(): VoiceStream | Promise<VoiceStream>;
}

/** What one driver file brings. */
export interface Peer {
  /** Of the package or library. */
  readonly version: string;
  readonly resamplers?: readonly ResamplerDriver[];
  readonly resamplerPrograms?: readonly ResamplerProgram[];
  readonly echoCancellers?: readonly EchoDriver[];
  readonly voiceDetectors?: readonly VoiceDriver[];
}
