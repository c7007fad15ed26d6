/** Reads whose length an attacker controls, such as a log with thousands of edits and no messages between them. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ChatSocket } from '../kit/chat-socket.ts';
import { newRoom } from '../kit/rooms.ts';
import { get, newUser, type TestUser } from '../kit/users.ts';
import { nextOf, pagesFrom } from '../e2e/http/pages.ts';
import { editBy, logBuilder, messageBy, voidEntry, type LogBuilder } from './log-builder.ts';
import { useProductionRuntime, withoutBudgets } from './production-runtime.ts';

const { runtime } = useProductionRuntime(withoutBudgets);

const edits = 12_000;
/** The time a request may take on a busy machine, far below the function's timeout of 15 seconds. */
const patienceMs = 3_000;

let builder: LogBuilder;
let ann: TestUser;
/** One message and 12,000 edits of it. */
let edited: any;
beforeAll(async () => {
  builder = logBuilder(runtime());
  ann = await newUser('ann');
  edited = await newRoom(ann);
  const changes = Array.from({ length: edits }, () => editBy(ann, 1));
  await builder.append(edited.room_id, [messageBy(ann, 'the only message'), ...changes]);
});
afterAll(() => builder.close());

async function timed<T>(work: () => Promise<T>): Promise<{ result: T; tookMs: number }> {
  const startedAtMs = performance.now();
  return { result: await work(), tookMs: performance.now() - startedAtMs };
}

describe('a room with one message and 12,000 edits', () => {
  test('answers one page quickly, with a Link', async () => {
    const path = `/chat/rooms/${edited.room_id}/messages/?limit=1`;
    const { result, tookMs } = await timed(() => get(ann, path));
    expect(result.status).toBe(200);
    expect(result.body).toEqual([]);
    expect(nextOf(result)).toMatch(/before=\d+/);
    expect(tookMs).toBeLessThan(patienceMs);
  });

  test('leads to the message through its Links in few pages', async () => {
    const found: any[] = [];
    let pages = 0;
    for await (const page of pagesFrom(`/chat/rooms/${edited.room_id}/messages/?limit=1`, ann.access)) {
      found.push(...page);
      pages += 1;
    }
    expect(found).toMatchObject([{ seq: 1, content: 'the only message' }]);
    expect(pages).toBeLessThanOrEqual(15);
  });

  test('is read forward in full', async () => {
    const found: any[] = [];
    for await (const page of pagesFrom(`/chat/rooms/${edited.room_id}/messages/?after=1`, ann.access))
      found.push(...page);
    expect(found).toEqual([]);
  });

  test('answers `history` with has_more and the seq from which everything was sent', async () => {
    const socket = await ChatSocket.open(`/ws/?room=${edited.room_name}&history=1`, { token: ann.access });
    let end = await socket.next('history_end');
    expect(end).toMatchObject({ has_more: true, head: edits + 1, recovered: true });
    let asked = 0;
    while (end['has_more'] as boolean) {
      socket.send({ type: 'history', before: end['first_seq'], limit: 1 });
      const next = await socket.next('history_end');
      expect(next['first_seq']).toBeLessThan(end['first_seq'] as number);
      end = next;
      asked += 1;
      if (asked === 5) break;
    }
    expect(asked).toBe(5);
    await socket.close();
  });

  test('does not delay the welcomes of other users', async () => {
    const bob = await newUser('bob');
    const other = await newRoom(bob);
    await (await ChatSocket.inRoom(other.room_name, bob.access)).close();
    const attackers = await Promise.all(
      Array.from({ length: 6 }, () =>
        ChatSocket.open(`/ws/?room=${edited.room_name}&history=1`, { token: ann.access }),
      ),
    );
    const { tookMs } = await timed(async () =>
      (await ChatSocket.inRoom(other.room_name, bob.access, '?history=1')).close(),
    );
    expect(tookMs).toBeLessThan(patienceMs);
    await Promise.all(attackers.map((socket) => socket.close()));
  });
});

describe('a room with thousands of void entries in a row', () => {
  test('is resumed in several answers, each with the head that it reached', async () => {
    const room = await newRoom(ann);
    const voids = Array.from({ length: 2_500 }, () => voidEntry);
    await builder.append(room.room_id, [messageBy(ann, 'first'), ...voids, messageBy(ann, 'last')]);
    const socket = await ChatSocket.open(`/ws/?room=${room.room_name}&after=1`, { token: ann.access });
    let end = await socket.next('history_end');
    const heads: number[] = [end['head']];
    while (end['has_more'] as boolean) {
      expect(end['head']).toBeLessThan(2_502);
      socket.send({ type: 'history', after: end['head'] });
      end = await socket.next('history_end');
      heads.push(end['head']);
    }
    expect(heads.length).toBeGreaterThan(2);
    expect(heads).toEqual(heads.toSorted((a, b) => a - b));
    expect(end).toMatchObject({ head: 2_502, has_more: false });
    expect(socket.ofType('chat_message').map(({ message }) => message)).toEqual(['last']);
    await socket.close();
  });
});
