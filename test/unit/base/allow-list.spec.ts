import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { AllowList } from '#talkpath/base/allow-list.js';

test('networks and single addresses of both families are allowed, and nothing beside them', () => {
  const list = new AllowList(['10.1.0.0/16', '192.0.2.7', '2001:db8::/32', '::1']);
  for (const address of ['10.1.0.1', '10.1.255.254', '192.0.2.7', '2001:db8::5', '::1']) assert.ok(list.allows(address), address);
  for (const address of ['10.2.0.1', '192.0.2.8', '127.0.0.1', '2001:db9::5', '::2', '']) assert.not.ok(list.allows(address), address);
});

test('an IPv4 peer on an IPv6 socket is known by its IPv4 address', () => {
  const list = new AllowList(['10.1.0.0/16']);
  assert.ok(list.allows('::ffff:10.1.0.1'));
  assert.not.ok(list.allows('::ffff:10.2.0.1'));
});

test('the network of no bits is everybody, and so is no network at all', () => {
  assert.ok(new AllowList(['0.0.0.0/0']).allows('203.0.113.9'));
  for (const address of ['203.0.113.9', '2001:db9::5', '']) assert.ok(new AllowList([]).allows(address), address);
});

test.run();
