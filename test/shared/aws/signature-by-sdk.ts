/** Signatures made by the SDK, to compare those of shared/aws/sign-request.ts with. */
import { SignatureV4 } from '@smithy/signature-v4';
import type { Credentials, UnsignedRequest } from '../../../shared/aws/sign-request.ts';
import { Sha256 } from '../../../tools/redrive/sha256.ts';

export const region = 'eu-central-1';

/** Returns the headers that the SDK's own signer adds to a request. */
export async function signatureBySdk(
  service: string,
  credentials: Credentials,
  { method, path, headers, body }: UnsignedRequest,
  timeMs: number,
): Promise<Record<string, string>> {
  const signer = new SignatureV4({ service, region, credentials, sha256: Sha256, applyChecksum: false });
  const hostname = headers['host'] as string;
  const request = { method, protocol: 'https:', hostname, path, headers: { ...headers }, body };
  const signed = await signer.sign(request, { signingDate: new Date(timeMs) });
  return Object.fromEntries(Object.entries(signed.headers).filter(([name]) => !(name in headers)));
}
