import { test } from 'uvu';
import { DeepgramListen } from '#emulators/deepgram-listen.js';
import { createDeepgramFluxStt } from '#talkpath/providers/cascade/stt/deepgram-flux.js';
import { type EmulatedStt, testStt } from '../../../support/conformance/stt-kit.js';

testStt(test, {
  name: 'flux',
  hasConnection: true,
  async listen() {
    const service = new DeepgramListen();
    await service.listen();
    return service;
  },
  create: (service, clock) =>
    createDeepgramFluxStt(
      {
        type: 'deepgram-flux',
        url: (service as EmulatedStt & { url: string }).url,
        api_key: 'deepgram-key',
        model: 'flux-general-en',
        eot_threshold: 0.7,
        eot_timeout_ms: 5000,
      },
      clock,
    ),
});

test.run();
