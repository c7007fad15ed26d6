/**
 * Finds the address of a request's client. Behind the edge distribution, API Gateway sees CloudFront's address, which many
 * clients share, so the distribution sends the viewer's address in a header, together with a secret key. Without the right
 * key the header is ignored, since any client can send it, and the address that API Gateway saw is used.
 */
import { timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { edgeKeyHeader, viewerAddressHeader } from '../contract/edge-headers.ts';
import type { SecretReader } from './secrets.ts';

export type AddressOf = (
  event: Pick<APIGatewayProxyEventV2, 'headers' | 'requestContext'>,
) => Promise<string>;

/** Returns the address that API Gateway saw, for functions that do not need the viewer's. */
export const gatewayAddress: AddressOf = async ({ requestContext }) =>
  networkOf(requestContext.http.sourceIp);

/** Returns the viewer's address. The previous key is accepted too, until the distribution is deployed with the new one. */
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

/** Returns the /64 of an IPv6 address, since one customer can use all addresses in it, and other addresses unchanged. */
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
