import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { describe, expect, it, vi } from 'vitest';
import { edgeKeys } from '../../../shared/lambda/edge-key.ts';
import { networkOf, viewerAddress } from '../../../shared/lambda/viewer-address.ts';

const all = vi.fn(async () => ['new-key-new-key-1', 'old-key-old-key-1']);
const addressOf = viewerAddress(edgeKeys({ all, newest: all }));

const from = (headers: Record<string, string>, sourceIp = '130.176.0.1') =>
  addressOf({ headers, requestContext: { http: { sourceIp } } } as unknown as APIGatewayProxyEventV2);

const viewer = { 'x-viewer-address': '203.0.113.7' };

describe('the address of a request', () => {
  it.each(['new-key-new-key-1', 'old-key-old-key-1'])(
    'is the one that the edge sent with the key %s',
    async (key) => {
      expect(await from({ ...viewer, 'x-origin-key': key })).toBe('203.0.113.7');
    },
  );

  it.each([
    ['no key', viewer],
    ['another key', { ...viewer, 'x-origin-key': 'new-key-new-key-2' }],
    ['a longer key', { ...viewer, 'x-origin-key': 'new-key-new-key-1 ' }],
    ['an empty key', { ...viewer, 'x-origin-key': '' }],
    ['both keys', { ...viewer, 'x-origin-key': 'new-key-new-key-1,old-key-old-key-1' }],
    ['no address', { 'x-origin-key': 'new-key-new-key-1' }],
    ['a host name', { 'x-viewer-address': 'localhost', 'x-origin-key': 'new-key-new-key-1' }],
    ['two addresses', { 'x-viewer-address': '1.1.1.1,2.2.2.2', 'x-origin-key': 'new-key-new-key-1' }],
    ['another header', { 'x-forwarded-for': '203.0.113.7', 'x-origin-key': 'new-key-new-key-1' }],
  ])('is the one that API Gateway saw for a request with %s', async (_, headers) => {
    expect(await from(headers)).toBe('130.176.0.1');
  });

  it('is found without fetching keys for a request without a key', async () => {
    all.mockClear();
    await from(viewer);
    expect(all).not.toHaveBeenCalled();
  });

  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:0001:2::9', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::', 'fe80:0:0:0::/64'],
    ['unknown', 'unknown'],
  ])('%s is counted as %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
