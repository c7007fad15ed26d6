/**
 * Where a request came from. Behind the edge the gateway sees the edge's address, so that strangers would share one:
 * there the edge names the viewer in a header, and proves with a key that it was the edge. Without that proof the
 * header is anybody's word, and what the gateway saw is taken.
 */
import { timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { edgeKeyHeader, viewerAddressHeader } from '../contract/edge-headers.ts';
import type { SecretReader } from './secrets.ts';

export type AddressOf = (
  event: Pick<APIGatewayProxyEventV2, 'headers' | 'requestContext'>,
) => Promise<string>;

/** For functions that have no use for more: no edge is believed. */
export const gatewayAddress: AddressOf = async ({ requestContext }) =>
  networkOf(requestContext.http.sourceIp);

/** The previous key is good too, until the distribution has the new one. */
export function viewerAddress(edgeKeys: Pick<SecretReader, 'all'>): AddressOf {
  return async (event) => {
    const key = event.headers[edgeKeyHeader];
    const viewer = event.headers[viewerAddressHeader];
    if (key === undefined || viewer === undefined || isIP(viewer) === 0) return gatewayAddress(event);
    const isFromEdge = (await edgeKeys.all()).some((known) => isSame(known, key));
    return isFromEdge ? networkOf(viewer) : gatewayAddress(event);
  };
}

function isSame(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}

const groupsOf = (text: string): string[] => text.split(':').filter((group) => group !== '');

/** An IPv6 customer has at least a whole /64 to choose addresses from: it counts as one. */
export function networkOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const [, mapped] = /^::ffff:([\d.]+)$/i.exec(address) ?? [];
  if (mapped !== undefined) return mapped;
  const [head = '', tail] = address.toLowerCase().split('::');
  const [before, after] = [groupsOf(head), groupsOf(tail ?? '')];
  const zeros = Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0');
  const network = [...before, ...zeros, ...after].slice(0, 4);
  return `${network.map((group) => group.replace(/^0+(?=.)/, '')).join(':')}::/64`;
}
