/** What the SDK's clients sign with instead of their own signer, by their option `signer`. */
import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { requestSigner, type Credentials, type Signer } from './sign-request.ts';

/** The same for every client of the SDK. */
type SdkSigner = Exclude<NonNullable<DynamoDBClientConfig['signer']>, (...scheme: never[]) => unknown>;

/** Of the headers that a request has by then, those that its signature must cover. */
const isCovered = (name: string): boolean =>
  name === 'host' || name === 'content-type' || name.startsWith('x-amz-');

export interface SdkSignerOptions {
  /** As signatures name it, such as `dynamodb`. */
  service: string;
  region: string;
  /** Asked once, for the first request. */
  credentials: () => Promise<Credentials>;
}

/**
 * A third of the time that a request to the table takes is the SDK's signer. The SDK says when, since it corrects a clock
 * that is wrong, and where, if an endpoint of its own choice wants another region or name than is given here.
 * Requests with a query are refused: the table's have none.
 */
export function sdkSigner({ service, region, credentials }: SdkSignerOptions): SdkSigner {
  let known: Promise<Credentials> | undefined;
  let opened: { of: string; signer: Signer } | undefined;

  async function open(signingService: string, signingRegion: string): Promise<Signer> {
    const of = `${signingService} ${signingRegion}`;
    if (opened?.of !== of) {
      known ??= credentials();
      opened = { of, signer: requestSigner(signingService, signingRegion, await known) };
    }
    return opened.signer;
  }

  return {
    async sign(request, { signingService = service, signingRegion = region, signingDate = Date.now() } = {}) {
      if (Object.keys(request.query ?? {}).length > 0)
        throw new Error('A request with a query is not signed');
      const signer = await open(signingService, signingRegion);
      const covered: Record<string, string> = {};
      for (const [header, value] of Object.entries(request.headers)) {
        const name = header.toLowerCase();
        if (isCovered(name)) covered[name] = value;
      }
      const { method, path, body = '' } = request;
      const at = new Date(signingDate).getTime();
      const signature = signer.headersFor({ method, path, headers: covered, body }, at);
      // The SDK signs again what it sends again, so what it gave stays as it is.
      return Object.assign(Object.create(Object.getPrototypeOf(request) as object), request, {
        headers: { ...request.headers, ...signature },
      }) as typeof request;
    },
  };
}
