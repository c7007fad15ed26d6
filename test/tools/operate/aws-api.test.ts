/** How the operator's commands reach AWS: the host of each kind of request, its signature, and what they print without an answer. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openAwsApi, type AwsRequest } from '../../../tools/operate/aws/aws-api.ts';
import { OperatorError } from '../../../tools/operate/command-line.ts';

beforeEach(() => {
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'key');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
});
afterEach(() => vi.unstubAllEnvs());

/** Sends one request and returns where it went. */
async function sent(request: AwsRequest): Promise<{ url: string; authorization: string }> {
  const calls: { url: string; authorization: string }[] = [];
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (url, init) => {
    const { headers, url: address } = new Request(url, init);
    calls.push({ url: address, authorization: headers.get('authorization') ?? '' });
    return new Response('');
  });
  const api = await openAwsApi();
  await api.send(request);
  expect(calls).toHaveLength(1);
  return calls[0]!;
}

describe('a request of a command to AWS', () => {
  it.each<[string, AwsRequest, string, string]>([
    [
      'a service of the region',
      { service: 'cloudformation', method: 'POST', path: '/' },
      'https://cloudformation.eu-central-1.amazonaws.com/',
      'eu-central-1/cloudformation',
    ],
    [
      'a service without regions',
      { service: 'cloudfront', globalRegion: 'us-east-1', method: 'GET', path: '/2020-05-31/distribution' },
      'https://cloudfront.amazonaws.com/2020-05-31/distribution',
      'us-east-1/cloudfront',
    ],
    [
      'an API behind API Gateway',
      {
        service: 'execute-api',
        host: 'abc.execute-api.eu-central-1.amazonaws.com',
        method: 'POST',
        path: '/prod/@connections/id%3D',
      },
      'https://abc.execute-api.eu-central-1.amazonaws.com/prod/@connections/id%3D',
      'eu-central-1/execute-api',
    ],
  ])('goes to the host of %s, signed for it', async (_, request, url, scope) => {
    const call = await sent(request);
    expect(call.url).toBe(url);
    expect(call.authorization).toContain(`/${scope}/aws4_request`);
  });

  it('is refused in one line when nothing answers', async () => {
    vi.spyOn(globalThis, 'fetch').mockRejectedValue(
      new TypeError('fetch failed', { cause: new Error('getaddrinfo ENOTFOUND') }),
    );
    const sending = (await openAwsApi()).send({ service: 'sts', method: 'POST', path: '/' });
    await expect(sending).rejects.toThrow(OperatorError);
    await expect(sending).rejects.toThrow(
      'sts.eu-central-1.amazonaws.com did not answer: getaddrinfo ENOTFOUND',
    );
  });

  it('is refused in one line when the answer breaks off', async () => {
    const broken = new ReadableStream({
      start: (controller) => controller.error(new Error('terminated')),
    });
    vi.spyOn(globalThis, 'fetch').mockResolvedValue(new Response(broken));
    const sending = (await openAwsApi()).send({ service: 'sts', method: 'POST', path: '/' });
    await expect(sending).rejects.toThrow(OperatorError);
  });
});
