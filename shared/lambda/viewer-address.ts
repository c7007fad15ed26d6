/**
 * Finds the address of a request's client. Behind the edge distribution, API Gateway sees CloudFront's address, which many
 * clients share, so the distribution sends the viewer's address in a header, together with a secret key. Without the right
 * key the header is ignored, since any client can send it, and the address that API Gateway saw is used.
 */
import { isIP } from 'node:net';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { viewerAddressHeader } from '../contract/edge-headers.ts';
import type { EdgeKeys } from './edge-key.ts';

export type AddressOf = (
  event: Pick<APIGatewayProxyEventV2, 'headers' | 'requestContext'>,
) => Promise<string>;

/** Returns the address that API Gateway saw, for functions that do not need the viewer's. */
export const gatewayAddress: AddressOf = async ({ requestContext }) =>
  networkOf(requestContext.http.sourceIp);

/** Returns the viewer's address, or the one that API Gateway saw when the request did not come through the edge. */
export function viewerAddress(keys: EdgeKeys): AddressOf {
  return async (event) => {
    const viewer = event.headers[viewerAddressHeader];
    if (viewer === undefined || isIP(viewer) === 0) return gatewayAddress(event);
    return (await keys.isFromEdge(event.headers)) ? networkOf(viewer) : gatewayAddress(event);
  };
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
