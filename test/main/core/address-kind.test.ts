import { expect, it } from 'vitest';
import { parseAddress } from '../../../main/core/address.ts';
import { isPrivate, isPublic } from '../../../main/core/address-kind.ts';

it.each([
  ['10.0.0.1', 'private'],
  ['172.16.0.1', 'private'],
  ['172.31.255.255', 'private'],
  ['172.32.0.1', 'public'],
  ['192.168.1.1', 'private'],
  ['100.64.0.1', 'private'],
  ['100.128.0.1', 'public'],
  ['8.8.8.8', 'public'],
  ['127.0.0.1', 'neither'],
  ['169.254.1.1', 'neither'],
  ['192.0.2.1', 'neither'],
  ['203.0.113.9', 'neither'],
  ['198.19.0.1', 'neither'],
  ['224.0.0.1', 'neither'],
  ['255.255.255.255', 'neither'],
  ['2001:db8::1', 'neither'],
])('knows that %s is %s', (address, kind) => {
  const parsed = parseAddress(address);
  if (!parsed) throw new Error('not an address');
  expect(isPrivate(parsed) ? 'private' : isPublic(parsed) ? 'public' : 'neither').toBe(kind);
});
