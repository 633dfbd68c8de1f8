import { join } from 'node:path';
import { fetchedFolder } from './fetched-folder.js';
import { readRaw, readWav, type Sound } from './wav.js';

/** Recordings of people, by what tells them apart. */
const recordings = {
  /** A woman reads a prompt, 8 kHz, studio: 30 s. */
  prompt: 'usr/share/asterisk/sounds/en_US_f_Allison/demo-congrats.wav',
  /** The same voice says goodbye: 0.9 s. */
  shortPrompt: 'usr/share/asterisk/sounds/en_US_f_Allison/vm-goodbye.wav',
  /** A man reads a novel, 16 kHz, up to 8 kHz of bandwidth: 7 s. */
  reader: 'usr/share/pocketsphinx/test/data/librivox/sense_and_sensibility_01_austen_64kb-0870.wav',
  /** The same man: "he was not an ill disposed young man", 3 s. */
  readerShort: 'usr/share/pocketsphinx/test/data/librivox/sense_and_sensibility_01_austen_64kb-0880.wav',
  /** A man, "go forward ten meters", 16 kHz: 2.8 s. */
  command: 'usr/share/pocketsphinx/test/data/goforward.raw',
  /** A man and a woman of the speech-coding community, 8 kHz: 2 s and 1.6 s. */
  man: 'usr/share/codec2/wav/morig.wav',
  woman: 'usr/share/codec2/wav/forig.wav',
  /** Speech in a truck's noise, 8 kHz: 4 s. */
  truck: 'usr/share/codec2/wav/mmt1.wav',
  /** No speech at all. */
  music: 'usr/share/asterisk/moh/macroform-cold_day.wav',
} as const;

export type Recording = keyof typeof recordings;

/** Reads recordings that Debian packages; fetched once, kept in the user's cache. */
export class Speech {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Undefined where they cannot be had; throws there when TALKPATH_REQUIRE_SPEECH=1 or CI=true. */
  static async fetched(): Promise<Speech | undefined> {
    const speech = await fetchedFolder('speech', 'TALKPATH_REQUIRE_SPEECH');
    return 'folder' in speech ? new Speech(speech.folder) : undefined;
  }

  read(recording: Recording): Sound {
    const path = join(this.#folder, recordings[recording]);
    return path.endsWith('.raw') ? readRaw(path, 16000) : readWav(path);
  }
}
