import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSample, type Sample } from '../../../tools/sample/create-sample.ts';
import { request } from '../../kit/request.ts';
import { startTestRuntime, type TestRuntime } from '../../kit/runtime.ts';

let started: TestRuntime;
let first: Sample;
const password = 'lantern-orbit-42';

const create = (): Promise<Sample> => {
  const { url, stack, engine } = started.runtime;
  const { endpoint, credentials } = engine;
  const table = { tableName: stack.table.tableName, endpoint, region: stack.region, credentials };
  return createSample({ url, table, password });
};

beforeAll(async () => {
  started = await startTestRuntime();
  first = await create();
}, 120_000);
afterAll(async () => {
  await started?.stop();
});

/** Returns what the API answers to a user of the sample. */
async function as(username: string): Promise<(path: string) => Promise<any>> {
  const { url } = started.runtime;
  const login = await request(`${url}/users/auth/login/`, 'POST', { body: { username, password } });
  return async (path) => (await request(url + path, 'GET', { token: login.body.access })).body;
}

describe('the sample', () => {
  it('lets its users sign in and see their rooms, with a last message and few unread ones', async () => {
    const get = await as('ann');
    const rooms: any[] = await get('/chat/rooms/mine/?limit=50');
    expect(rooms.length).toBe(12);
    for (const room of rooms) {
      expect(room.unread_count).toBeLessThanOrEqual(8);
      expect(room.last_message.content ?? '').not.toMatch(/[{}]/);
    }
    expect(rooms.some(({ unread_count }) => unread_count > 0)).toBe(true);
    expect(rooms.some(({ is_direct }) => is_direct)).toBe(true);
  });

  it('has messages of several weeks, some of them edited', async () => {
    const get = await as('bob');
    const { room_id } = (await get('/chat/rooms/mine/?limit=50')).find(
      (room: any) => room.room_name === 'engineering',
    );
    const page: any[] = await get(`/chat/rooms/${room_id}/messages/?limit=100`);
    expect(page).toHaveLength(100);
    const ages = page.map(({ timestamp }) => Date.now() - Date.parse(timestamp));
    expect(Math.min(...ages)).toBeGreaterThan(0);
    expect(Math.max(...ages)).toBeGreaterThan(2 * 24 * 60 * 60 * 1_000);
  });

  it('is not created a second time', async () => {
    expect(first.messages).toBeGreaterThan(2_000);
    expect(await create()).toEqual({ ...first, messages: 0 });
  });
});
