import { test } from 'uvu';
import { Riva } from '#emulators/riva.js';
import { createRivaStt } from '#talkpath/providers/cascade/stt/riva.js';
import { testStt } from '../../../support/conformance/stt-kit.js';

testStt(test, {
  name: 'riva',
  hasConnection: true,
  async listen() {
    const service = new Riva();
    await service.listen();
    return service;
  },
  create: (service, clock) => createRivaStt({ type: 'riva', url: (service as Riva).url }, clock),
});

test.run();
