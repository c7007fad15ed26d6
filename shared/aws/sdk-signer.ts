/** A signer for clients of the AWS SDK, to be passed in their option `signer`. */
import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { onceResolved } from './once-resolved.ts';
import { requestSigner, type Credentials, type Signer } from './sign-request.ts';

/** The type of the option, which is the same for all clients. */
type SdkSigner = Exclude<NonNullable<DynamoDBClientConfig['signer']>, (...scheme: never[]) => unknown>;

/** Whether the signature must cover a header. */
const isCovered = (name: string): boolean =>
  name === 'host' || name === 'content-type' || name.startsWith('x-amz-');

export interface SdkSignerOptions {
  /** The service's name in signatures, such as `dynamodb`. */
  service: string;
  region: string;
  /** Called for the first request, and again if that fails. */
  credentials: () => Promise<Credentials>;
}

/**
 * Returns a signer that replaces the SDK's own, which takes a third of the time of a request to the table. The SDK passes
 * the date, since it corrects a wrong clock, and sometimes another region or service name than the one in the options.
 * Signing rejects a request with a query string; requests to DynamoDB have none.
 */
export function sdkSigner({ service, region, credentials }: SdkSignerOptions): SdkSigner {
  const fetchedCredentials = onceResolved(credentials);
  let current: { scope: string; signer: Signer } | undefined;

  async function signerFor(signingService: string, signingRegion: string): Promise<Signer> {
    const scope = `${signingService} ${signingRegion}`;
    if (current?.scope !== scope) {
      current = { scope, signer: requestSigner(signingService, signingRegion, await fetchedCredentials()) };
    }
    return current.signer;
  }

  return {
    async sign(request, { signingService = service, signingRegion = region, signingDate = Date.now() } = {}) {
      if (Object.keys(request.query ?? {}).length > 0)
        throw new Error('Cannot sign a request with a query string');
      const signer = await signerFor(signingService, signingRegion);
      const covered: Record<string, string> = {};
      for (const [header, value] of Object.entries(request.headers)) {
        const name = header.toLowerCase();
        if (isCovered(name)) covered[name] = value;
      }
      const { method, path, body = '' } = request;
      const nowMs = new Date(signingDate).getTime();
      const signature = signer.headersFor({ method, path, headers: covered, body }, nowMs);
      // The request is copied, since the SDK signs the original again when it retries.
      return Object.assign(Object.create(Object.getPrototypeOf(request) as object), request, {
        headers: { ...request.headers, ...signature },
      }) as typeof request;
    },
  };
}
