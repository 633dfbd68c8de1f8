import { test } from 'uvu';
import { DeepgramListen } from '#emulators/deepgram-listen.js';
import { createDeepgramStt } from '#talkpath/providers/cascade/stt/deepgram.js';
import { type EmulatedStt, testStt } from '../../../support/conformance/stt-kit.js';

testStt(test, {
  name: 'deepgram',
  hasConnection: true,
  async listen() {
    const service = new DeepgramListen();
    await service.listen();
    return service;
  },
  create: (service, clock) =>
    createDeepgramStt({ type: 'deepgram', url: (service as EmulatedStt & { url: string }).url, api_key: 'deepgram-key', model: 'nova-3' }, clock),
});

test.run();
