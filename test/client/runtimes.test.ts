/** Runtimes that lack what browsers and Node have: servers that render pages, old browsers, and React Native. */
import { createContext, runInContext } from 'node:vm';
import { build } from 'esbuild';
import { afterEach, expect, test, vi } from 'vitest';
import { bundles } from '../../client/build.ts';
import { createChatClient, type ChatClient, type ChatClientOptions } from '../../client/src/index.ts';
import { createFakeSystem, openRoom, settle } from './fake-system.ts';
import { ack, roomId, said } from './server-events.ts';

afterEach(() => vi.unstubAllGlobals());

test('a client is created without a WebSocket class, and says on connect that it needs one', () => {
  vi.stubGlobal('WebSocket', undefined);
  const client = createChatClient({ url: 'http://chat.test' });
  expect(client.getSnapshot().state).toBe('signed-out');
  expect(() => client.connect()).toThrow(
    expect.objectContaining({
      code: 'not_available',
      detail: expect.stringContaining('Pass a class as the option `WebSocket`'),
    }),
  );
});

/** Returns the entry of the bundle in a realm that has only the listed globals, and no newer methods of arrays. */
async function loadInBareRealm(): Promise<(options: ChatClientOptions) => ChatClient> {
  const { outputFiles } = await build({
    ...bundles('/')['browser.min.js'],
    sourcemap: false,
    format: 'iife',
    globalName: 'chat',
    write: false,
  });
  const context = createContext({
    setTimeout,
    clearTimeout,
    URLSearchParams,
    AbortController,
  });
  runInContext(
    `for (const name of ['toSpliced', 'toSorted', 'toReversed', 'with', 'findLast', 'findLastIndex', 'fromAsync'])
       for (const owner of [Array, Array.prototype]) delete owner[name];
     for (const name of ['groupBy']) delete Object[name];
     delete Promise.withResolvers; delete String.prototype.isWellFormed;`,
    context,
  );
  runInContext(outputFiles[0]?.text ?? '', context);
  return runInContext('chat.createChatClient', context) as (options: ChatClientOptions) => ChatClient;
}

test('a client without crypto, btoa, TextEncoder, AbortSignal, structuredClone and new methods of arrays does its work', async () => {
  const create = await loadInBareRealm();
  const system = createFakeSystem({ create, persist: true });
  const room = await openRoom(system, 3);
  expect(system.client.user?.username).toBe('ann');
  room.send('süß 😀');
  const [sent] = system.socket().ofType('message');
  expect(sent?.['client_id']).toMatch(/^[\w-]{22}$/);
  system.socket().push(ack(sent, 4));
  system.socket().push([said(6), said(5)]);
  system.socket().push({
    type: 'message_edited',
    message_id: 'm2',
    new_content: 'edited',
    edited_at: '2027-01-15T08:00:01.000Z',
    room_id: roomId,
    seq: 7,
  });
  expect(room.messages.map(({ content }) => content)).toEqual([
    'message 1',
    'edited',
    'message 3',
    'süß 😀',
    'message 5',
    'message 6',
  ]);
  room.markRead();
  expect(() => room.send('x'.repeat(5_000))).toThrow('at most');
  expect(() => room.send('€'.repeat(4_000) + ' '.repeat(400))).toThrow('12288 bytes');
  system.socket().cut();
  await system.clock.advance(1_000);
  system.socket().accept();
  await settle();
  expect(system.socket().ofType('join')).toEqual([expect.objectContaining({ after: 7 })]);
  await system.client.signOut();
  expect(system.client.state).toBe('signed-out');
});
