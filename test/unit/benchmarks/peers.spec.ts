import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { reasonAgainst } from '#benchmarks/peers/all.js';

test('a driver that works has nothing against it', () => {
  assert.is(reasonAgainst('talkpath'), undefined);
});

test('a driver that ends its process is named with the signal, and harms nobody', () => {
  assert.match(reasonAgainst('../../test/support/crashing-peer') ?? '', /ended by SIGABRT/);
});

test('a driver that cannot be loaded is named with what was missing', () => {
  assert.match(reasonAgainst('no-such-peer') ?? '', /exit code 1: .*no-such-peer/);
});

test.run();
