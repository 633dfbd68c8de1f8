/** A process for tests: begins to recognise something, and ends with exit code 7 so many milliseconds later. */
import { createLocalStt } from '#talkpath/providers/cascade/stt/local.js';
import { sayTo } from './phone-speech.js';
import { noise } from './sound.js';

const stt = await createLocalStt({ tier: 'light' });
sayTo(stt.open(), noise(8000, 16000, -20));
setTimeout(() => process.exit(7), Number(process.argv[2]));
