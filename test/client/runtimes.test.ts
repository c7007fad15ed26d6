import { afterEach, expect, test, vi } from 'vitest';
import { createChatClient } from '../../client/src/index.ts';

afterEach(() => vi.unstubAllGlobals());

test('a client is created without a WebSocket class, and says on connect that it needs one', () => {
  vi.stubGlobal('WebSocket', undefined);
  const client = createChatClient({ url: 'http://chat.test' });
  expect(client.getSnapshot().state).toBe('signed-out');
  expect(() => client.connect()).toThrow('Pass a class as the option `WebSocket`');
});
