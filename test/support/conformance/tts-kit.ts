import { suite, type Test } from 'uvu';
import { type EmulatedVoice, VoiceBench, type VoiceUnderTest } from './tts-bench.js';
import { closingTests } from './tts-closing.js';
import { failureTests } from './tts-failures.js';
import { speakingTests } from './tts-speaking.js';

/** The suite of a text-to-speech by a service: what all of them have to do, to which a spec adds what is its own. */
export function ttsKit<Service extends EmulatedVoice>(name: string, voice: VoiceUnderTest<Service>): Test<{ bench: VoiceBench<Service> }> {
  const test = suite<{ bench: VoiceBench<Service> }>(name);
  test.before.each(async (context) => {
    context.bench = await VoiceBench.start(voice);
  });
  test.after.each(({ bench }) => bench.end());
  for (const tests of [speakingTests, failureTests, closingTests]) {
    tests(test as unknown as Test<{ bench: VoiceBench }>, voice as unknown as VoiceUnderTest);
  }
  return test;
}
