import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { allowList } from '#talkpath/transports/audiosocket/server.js';

test('networks and single addresses of both families are allowed, and nothing beside them', () => {
  const list = allowList(['10.1.0.0/16', '192.0.2.7', '2001:db8::/32', '::1']);
  for (const address of ['10.1.0.1', '10.1.255.254', '192.0.2.7']) assert.ok(list.check(address, 'ipv4'), address);
  for (const address of ['10.2.0.1', '192.0.2.8', '127.0.0.1']) assert.not.ok(list.check(address, 'ipv4'), address);
  for (const address of ['2001:db8::5', '::1']) assert.ok(list.check(address, 'ipv6'), address);
  for (const address of ['2001:db9::5', '::2']) assert.not.ok(list.check(address, 'ipv6'), address);
});

test('the network of no bits is everybody', () => {
  assert.ok(allowList(['0.0.0.0/0']).check('203.0.113.9', 'ipv4'));
});

test.run();
