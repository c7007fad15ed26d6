/** The documentation and the health check that the API serves. */
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { call } from '../../kit/deployment.ts';
import { rows } from './operations.ts';

test('the JSON and the YAML form of the OpenAPI document are equal', async () => {
  const [json, yaml] = await Promise.all([call('GET', '/openapi.json'), call('GET', '/openapi.yaml')]);
  expect(json.body.openapi).toMatch(/^3\./);
  expect(parse(yaml.body)).toEqual(json.body);
});

const withSlash = (path: string): string => path.replace(/\/?$/, '/');

test('the OpenAPI document has exactly the operations of the API', async () => {
  const { body } = await call('GET', '/openapi.json');
  const documented = Object.entries<object>(body.paths).flatMap(([path, item]) =>
    Object.keys(item)
      .filter((key) => ['get', 'post', 'put', 'patch', 'delete'].includes(key))
      .map((method) => `${method.toUpperCase()} ${withSlash(path)}`),
  );
  const expected = rows.flatMap(({ methods, path }) =>
    methods.map((method) => `${method} ${withSlash(path)}`),
  );
  expect(documented.sort()).toEqual(expected.sort());
});

test.each(rows)(
  '$methods $path is documented with its success status, its authentication and its request body',
  async (row) => {
    const { body } = await call('GET', '/openapi.json');
    const [, item] =
      Object.entries<any>(body.paths).find(([path]) => withSlash(path) === withSlash(row.path)) ?? [];
    for (const method of row.methods) {
      const operation = item[method.toLowerCase()];
      expect(Object.keys(operation.responses)).toContain(String(row.status));
      const security: object[] = operation.security ?? body.security ?? [];
      const needed = security.length > 0 && security.every((way) => Object.keys(way).length > 0);
      expect(needed).toBe(row.auth === 'required');
      expect(row.body === undefined || operation.requestBody !== undefined).toBe(true);
    }
  },
);

test('Swagger UI loads only files of the API, and all of them exist', async () => {
  for (const path of ['/swagger/', '/swagger']) {
    const { body: page, headers } = await call('GET', path);
    expect(headers.get('content-type')).toMatch(/^text\/html/);
    expect(headers.get('content-security-policy')).toMatch(/default-src 'none'|default-src 'self'/);
    const loaded = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address as string);
    expect(loaded.length).toBeGreaterThan(1);
    for (const address of loaded) {
      expect(address).not.toMatch(/^(https?:)?\/\//);
      const asset = new URL(address, `http://x${path}`);
      expect(await call('GET', asset.pathname + asset.search)).toMatchObject({ status: 200 });
    }
  }
});

/** The commands, events and codes that both WebSocket documents must name. */
const commands = ['message', 'typing', 'read', 'edit', 'delete', 'history', 'join', 'leave', 'auth', 'ping'];
const events = [
  'ready',
  'room_users_list',
  'chat_message',
  'history_end',
  'user_join',
  'user_leave',
  'typing_indicator',
  'message_edited',
  'message_deleted',
  'message_read',
  'member_added',
  'member_removed',
  'room_updated',
  'room_deleted',
  'ack',
  'pong',
  'error',
  'close',
];
const codes = [4000, 4001, 4003, 4004, 4005, 4009, 4013, 4029, 4100, 4200];

test.each(['/chat/websocket-docs/', '/chat/websocket-docs'])(
  '%s names all commands, events and codes',
  async (path) => {
    const { body: page, headers } = await call('GET', path);
    expect(headers.get('content-type')).toMatch(/^text\/html/);
    for (const word of [...commands, ...events, ...codes, '/ws/chat/', '/chat/ws-ticket/']) {
      expect(page).toContain(String(word));
    }
    expect(page).not.toMatch(/<script|(src|href)="(https?:)?\/\//);
  },
);

test('the AsyncAPI document has version 3 and names all commands, events and codes', async () => {
  const { body } = await call('GET', '/asyncapi.yaml');
  const document = parse(body);
  expect(document.asyncapi).toMatch(/^3\./);
  const types = new Set([...body.matchAll(/const: '?"?([a-z_]+)/g)].map(([, word]) => word));
  for (const word of [...commands, ...events]) expect(types).toContain(word);
  for (const code of codes) expect(body).toContain(String(code));
});

test('the health check returns ok and the version, and is never cached', async () => {
  const [one, other] = await Promise.all([call('GET', '/health/'), call('GET', '/health')]);
  expect(one.body).toMatchObject({ status: 'ok' });
  expect(other.body).toEqual(one.body);
  expect(one.headers.get('cache-control')).toMatch(/no-store|no-cache/);
});
