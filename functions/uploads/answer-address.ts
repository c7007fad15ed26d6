/**
 * Answers the address of a file where there is no edge: checks it as the edge does, and sends the browser to the bucket, with
 * an address that holds for a minute.
 */
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { readFileAddress, readPictureAddress } from '../../shared/lambda/file-addresses.ts';
import type { SecretReader } from '../../shared/lambda/secrets.ts';
import { securityHeaders } from '../../shared/lambda/security-headers.ts';
import type { Clock } from '../../shared/domain/ports/system.ts';

export interface AddressPorts {
  filesKeys: Pick<SecretReader, 'all' | 'newest'>;
  clock: Clock;
  /** Returns an address of an object that needs no further right. */
  presign(key: string, lifetimeSeconds: number): Promise<string>;
}

const lifetimeSeconds = 60;

/** A browser that shows the file again does not ask again, as long as the other address surely holds. */
const cacheControl = `private, max-age=${lifetimeSeconds / 2}`;

/** Answers 302, or 403 for an address that is not signed or has ended. */
export async function answerAddress(
  ports: AddressPorts,
  { rawPath: path, queryStringParameters: query = {}, headers }: APIGatewayProxyEventV2,
): Promise<APIGatewayProxyStructuredResultV2> {
  const key = await keyOf(ports, { path, query });
  if (key === undefined)
    return {
      statusCode: 403,
      headers: { 'cache-control': 'no-store', 'content-type': 'text/plain', ...securityHeaders(headers) },
      body: '',
    };
  const location = await ports.presign(key, lifetimeSeconds);
  return {
    statusCode: 302,
    headers: { location, 'cache-control': cacheControl, ...securityHeaders(headers) },
  };
}

async function keyOf(
  { filesKeys, clock }: AddressPorts,
  address: { path: string; query: Readonly<Record<string, string | undefined>> },
): Promise<string | undefined> {
  const isPicture = readPictureAddress(address.path) !== undefined;
  const isValid = (keys: string[]): boolean => readFileAddress(keys, address, clock.now()) !== undefined;
  // Another function may have signed with a key that this one has not seen.
  if (isPicture || isValid(await filesKeys.all()) || isValid(await filesKeys.newest()))
    return address.path.slice(isPicture ? '/files/'.length : 1);
  return undefined;
}
