/** HEAD answers with the headers of GET, including the length, without the body. */
import { request } from 'node:http';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { newFixture, newFixtureUsers, type Fixture } from './fixture.ts';
import { chatUrl } from '../../kit/deployment.ts';
import { addressOf, operations } from './operation-cases.ts';

interface HeadersAndBody {
  status: number | undefined;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** Does not use fetch, which decompresses the body and drops the length. */
function ask(method: string, path: string, headers: Record<string, string>): Promise<HeadersAndBody> {
  return new Promise((resolve, reject) => {
    request(chatUrl() + path, { method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const { date: _date, 'apigw-requestid': _requestId, ...others } = response.headers;
        resolve({
          status: response.statusCode,
          headers: others,
          body: Buffer.concat(chunks).toString('latin1'),
        });
      });
    })
      .on('error', reject)
      .end();
  });
}

let fixture: Fixture;
beforeAll(async () => {
  fixture = await newFixture(await newFixtureUsers());
});

async function askBoth(path: string, headers: Record<string, string> = {}) {
  const get = await ask('GET', path, headers);
  return { get, head: await ask('HEAD', path, headers), length: String(get.body.length) };
}

describe.each(operations.filter(({ method }) => method === 'GET'))('HEAD of $path', (row) => {
  test.each(['identity', 'gzip'])('has the headers and the length of GET, encoding %s', async (encoding) => {
    const caller = (row.by ?? (({ owner }) => owner))(fixture);
    const headers = {
      'accept-encoding': encoding,
      ...(row.auth === 'none' ? {} : { authorization: `Bearer ${caller.access}` }),
    };
    // Other tests may change a public list between the two requests.
    await vi.waitFor(async () => {
      const { get, head, length } = await askBoth(addressOf(row, fixture), headers);
      expect(head).toEqual({ ...get, body: '' });
      expect(head.headers['content-length']).toBe(length);
    });
  });
});

test.each(['/nothing/', '/chat/rooms/mine/', '/users/auth/profile/', '/swagger/swagger-ui.css'])(
  'HEAD of %s without a token has the status and the length of GET',
  async (path) => {
    const { get, head, length } = await askBoth(path);
    expect(head).toEqual({ ...get, body: '' });
    expect(head.headers['content-length']).toBe(length);
  },
);
