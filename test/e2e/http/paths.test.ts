/** Unknown paths, methods that a path does not support, and misspelled paths. */
import { expect, test } from 'vitest';
import { problem, problemOrGatewayRefusal } from './problem.ts';
import { call } from '../../kit/deployment.ts';
import { otherSpelling } from './operation-cases.ts';
import { rows } from './operations.ts';
import { filledPath, unknownId } from './paths.ts';

const addresses = [...new Set(rows.map(({ path }) => path))].map((path) => ({
  path,
  methods: new Set(rows.filter((row) => row.path === path).flatMap(({ methods }) => methods)),
}));

/** HEAD is answered wherever GET is. */
const served = (methods: ReadonlySet<string>): string[] =>
  [...methods, ...(methods.has('GET') ? ['HEAD'] : [])].sort();

const allowedBy = ({ headers }: { headers: Headers }): string[] =>
  (headers.get('allow') ?? '').split(', ').sort();

test.each(addresses)('$path answers OPTIONS with the supported methods alone', async ({ path, methods }) => {
  for (const address of [filledPath(path), otherSpelling(filledPath(path))]) {
    const answer = await call('OPTIONS', address);
    expect([answer.status, answer.body]).toEqual([204, undefined]);
    expect(allowedBy(answer)).toEqual(served(methods));
  }
});

test.each(addresses)(
  '$path answers 405 to other methods and lists the supported ones',
  async ({ path, methods }) => {
    const others = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].filter((method) => !methods.has(method));
    for (const method of others) {
      for (const address of [filledPath(path), otherSpelling(filledPath(path))]) {
        const answer = await call(method, address, method === 'GET' ? {} : { body: {} });
        expect(answer).toEqual(problem(405, 'method_not_allowed'));
        expect(allowedBy(answer)).toEqual(served(methods));
      }
    }
  },
);

test.each([
  '/nothing/',
  '/users/nothing/',
  '/users/auth/',
  '/users/auth/register/more/',
  '/users/auth/profile/__proto__/',
  '/chat/',
  '/chat/nothing',
  `/chat/rooms/${unknownId}/nothing/`,
  `/chat/rooms/${unknownId}/members/remove/`,
  `/chat/rooms/${unknownId}/members/remove/${unknownId}/more/`,
  '/chat/dm/',
  '/chat/messages/AAAA/',
  '/Chat/rooms/',
  '/chat/rooms/mine/constructor/',
  '/swagger/nothing.js',
  '/openapi.txt',
  '/health/nothing',
  '/.env',
  '/%00',
])('%s answers 404 to every method', async (path) => {
  for (const method of ['GET', 'POST', 'DELETE']) {
    expect(await call(method, path, method === 'POST' ? { body: {} } : {})).toEqual(
      problemOrGatewayRefusal(404, 'not_found'),
    );
  }
});

test.each(['/users/%zz', '/chat/rooms/%E0%A4%A/', '/%'])('the malformed path %s is refused', async (path) => {
  expect([400, 404]).toContain((await call('GET', path)).status);
});

test.each(rows.filter(({ auth, methods }) => auth !== 'required' && methods.includes('GET')))(
  'HEAD $path answers like GET without a body',
  async ({ path, status }) => {
    expect(await call('HEAD', path)).toMatchObject({ status, body: undefined });
  },
);
