import { cascadeBench } from '../support/conformance/cascade-bench.js';
import { conforms } from '../support/conformance/provider-kit.js';

conforms('Deepgram, chat completions and ElevenLabs', () => cascadeBench('deepgram', 'chat', 'elevenlabs')).run();
conforms('Flux, responses and Deepgram’s voice', () => cascadeBench('flux', 'responses', 'deepgram')).run();
conforms('the same with early replies', () => cascadeBench('deepgram', 'chat', 'elevenlabs', { earlyReply: true })).run();
conforms('OpenAI’s transcription, chat completions and voice', () => cascadeBench('openai', 'chat', 'openai')).run();
