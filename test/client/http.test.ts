import { describe, expect, test } from 'vitest';
import { documentOperations } from '../../shared/contract/http/documents.ts';
import { operations } from '../../shared/contract/http/operations.ts';
import type { Operation } from '../../shared/contract/http/operation.ts';
import { createFakeSystem, problem, tokensOf } from './fake-system.ts';
import { ann, roomId } from './server-events.ts';

const rows = Object.entries(operations) as [keyof typeof operations, Operation][];

describe('the HTTP methods', () => {
  test('are exactly the contract’s operations without those of the documentation', () => {
    const { client } = createFakeSystem();
    const documents = Object.keys(documentOperations);
    expect([...Object.keys(client.http), ...documents].sort()).toEqual(Object.keys(operations).sort());
  });

  test.each(rows)('%s uses no field name for both its path and its query or body', (_, row) => {
    const inPath = new Set(Object.keys(fieldsOf(row.params)));
    const others = Object.entries({ ...fieldsOf(row.query), ...fieldsOf(row.body) });
    // The server ignores read-only fields of a body, so their name may also be that of a path parameter.
    const twice = others.filter(([name, field]) => inPath.has(name) && !isReadOnly(field));
    expect(twice).toEqual([]);
  });

  test('send each argument in the path, query or body', async () => {
    const sent: { url: string; init: RequestInit | undefined }[] = [];
    const { client } = createFakeSystem({
      fetch: async (input, init) => {
        sent.push({ url: input as string, init });
        return Response.json([]);
      },
    });
    await client.http.getHealth();
    await client.http.listRooms({ limit: 5 }).firstPage();
    await client.http.registerUser({ username: 'ann', password: 'lantern-orbit-42' });
    expect(
      sent.map(({ url, init }) => `${init?.method} ${url} ${String(init?.body as string | undefined)}`),
    ).toEqual([
      'GET http://chat.test/health/ undefined',
      'GET http://chat.test/chat/rooms/?limit=5 undefined',
      'POST http://chat.test/users/auth/register/ {"username":"ann","password":"lantern-orbit-42"}',
    ]);
  });

  test('send a password in the body of a DELETE, never in its URL', async () => {
    const sent: string[] = [];
    const { client, clock } = createFakeSystem({
      fetch: async (input, init) => {
        if (init?.method === 'POST') return Response.json(tokensOf(ann, clock));
        sent.push(`${init?.method} ${input as string} ${String(init?.body as string | undefined)}`);
        return new Response(null, { status: 204 });
      },
    });
    await client.signIn('ann', 'secret');
    await client.http.deleteAccount({ password: 'lantern-orbit-42' });
    await client.http.endSessions();
    expect(sent).toEqual([
      'DELETE http://chat.test/users/auth/profile/ {"password":"lantern-orbit-42"}',
      'DELETE http://chat.test/users/auth/sessions/ undefined',
    ]);
  });

  test('return a page that is not an array as one item', async () => {
    const { client, clock } = createFakeSystem({
      fetch: async (input, init) => {
        if (init?.method === 'POST') return Response.json(tokensOf(ann, clock));
        const isFirst = !(input as string).includes('cursor');
        const headers = new Headers();
        if (isFirst) headers.set('link', '</users/auth/export/?cursor=c>; rel="next"');
        return Response.json({ messages: [{ content: isFirst ? 'one' : 'two' }] }, { headers });
      },
    });
    await client.signIn('ann', 'secret');
    const said: string[] = [];
    for await (const { messages } of client.http.exportAccount())
      said.push(...messages.map(({ content }) => content));
    expect(said).toEqual(['one', 'two']);
  });

  test('reject with a ChatProblem made of the problem document, the status or the lost connection', async () => {
    const system = createFakeSystem();
    await system.client.signIn('ann', 'secret');
    const path = `/chat/rooms/${roomId}/`;
    system.answers.set(`GET ${path}`, () => problem(404, 'not_found'));
    await expect(system.client.http.getRoom({ room_id: roomId })).rejects.toMatchObject({
      name: 'ChatProblem',
      status: 404,
      code: 'not_found',
      detail: 'because of not_found',
      errors: [],
    });
    system.answers.set(`GET ${path}`, () => problem(429, 'rate_limited', { 'retry-after': '7' }));
    await expect(system.client.http.getRoom({ room_id: roomId })).rejects.toMatchObject({
      retryAfterMs: 7_000,
    });
    system.answers.set(`GET ${path}`, () => new Response('<html>', { status: 502 }));
    await expect(system.client.http.getRoom({ room_id: roomId })).rejects.toMatchObject({
      code: 'try_again',
      retryable: true,
    });
    system.answers.set(`GET ${path}`, undefined);
    await expect(system.client.http.getRoom({ room_id: roomId })).rejects.toMatchObject({
      code: 'unreachable',
      status: 0,
    });
  });

  test('follow the Link header from page to page, and request a page only when it is needed', async () => {
    const asked: string[] = [];
    const { client } = createFakeSystem({
      fetch: async (input) => {
        const { searchParams } = new URL(input);
        const page = Number(searchParams.get('cursor') ?? 0);
        asked.push(searchParams.toString());
        const link = `</elsewhere/chat/rooms/?limit=2&cursor=${page + 1}>; rel="next"`;
        return Response.json([{ room_name: `a${page}` }, { room_name: `b${page}` }], {
          headers: page < 2 ? { link } : {},
        });
      },
    });
    const names: string[] = [];
    for await (const { room_name } of client.http.listRooms({ limit: 2 })) names.push(room_name);
    expect(names).toEqual(['a0', 'b0', 'a1', 'b1', 'a2', 'b2']);
    expect(asked).toEqual(['limit=2', 'limit=2&cursor=1', 'limit=2&cursor=2']);
    for await (const page of client.http.listRooms().pages()) {
      expect(page).toHaveLength(2);
      break;
    }
    expect(asked).toHaveLength(4);
  });
});

interface Field {
  unwrap?(): { meta(): { readOnly?: boolean } | undefined };
}

function fieldsOf(schema: unknown): Record<string, Field> {
  return (schema as { shape?: Record<string, Field> } | undefined)?.shape ?? {};
}

function isReadOnly(field: Field): boolean {
  return field.unwrap?.().meta()?.readOnly === true;
}
