/** Where a client keeps tokens and unsent messages when the application says nothing. */
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { memoryTokenStore, type StorageLike } from '../../client/src/index.ts';
import { openFakePage } from './fake-page.ts';
import { fakeStorage } from './fake-storage.ts';
import { createFakeSystem, settle } from './fake-system.ts';
import { ann } from './server-events.ts';

const keysOf = (storage: StorageLike): (string | null)[] =>
  Array.from({ length: storage.length }, (_, index) => storage.key(index));

/** A client that is created with nothing but these options, and a fake server. */
const create = (options: { url?: string; persist?: boolean } = {}) =>
  createFakeSystem({ persist: true, ...options });

describe('on a page', () => {
  let storage: StorageLike;

  beforeEach(() => {
    openFakePage();
    storage = fakeStorage();
    vi.stubGlobal('localStorage', storage);
  });

  test('tokens and unsent messages are in localStorage, under the address of the chat, and outlive a reload', async () => {
    const before = create();
    await before.client.signIn('ann', 'secret');
    before.client.room('general').send('written offline');
    await settle();
    expect(keysOf(storage)).toEqual([
      'chat:http://chat.test:tokens',
      expect.stringMatching(/^chat:http:\/\/chat\.test:outbox:[\w-]{22}$/),
    ]);
    const after = create();
    expect(await after.client.findUser()).toEqual(ann);
    expect(await after.client.unsent()).toEqual([expect.objectContaining({ content: 'written offline' })]);
    await after.client.signOut();
    expect(keysOf(storage)).toEqual([]);
  });

  test('the client of another chat shares nothing with it', async () => {
    await create().client.signIn('ann', 'secret');
    expect(await create({ url: 'http://other.test' }).client.findUser()).toBeUndefined();
  });

  test('nothing is stored with persist false, and stores of the application come first', async () => {
    await create({ persist: false }).client.signIn('ann', 'secret');
    const system = createFakeSystem({ persist: true, tokens: memoryTokenStore() });
    await system.client.signIn('ann', 'secret');
    expect(keysOf(storage)).toEqual([]);
  });
});

test('a page that forbids localStorage keeps them in memory', async () => {
  openFakePage();
  Object.defineProperty(globalThis, 'localStorage', {
    configurable: true,
    get: () => {
      throw new Error('The operation is insecure');
    },
  });
  onTestFinished(() => void Reflect.deleteProperty(globalThis, 'localStorage'));
  const { client } = create();
  await client.signIn('ann', 'secret');
  expect(client.user).toEqual(ann);
});

test('the localStorage of Node is not used', async () => {
  const storage = fakeStorage();
  vi.stubGlobal('localStorage', storage);
  onTestFinished(() => void vi.unstubAllGlobals());
  await create().client.signIn('ann', 'secret');
  expect(keysOf(storage)).toEqual([]);
});
