import { describe, expect, it } from 'vitest';
import { isWatched, watchNewMembership, watchRoomsOf } from '../../../../shared/domain/inbox/watch-rooms.ts';
import { subscriberOf } from '../../../../shared/domain/connections/subscribers.ts';
import { memoryChat, openChat, roomId } from '../../../kit/memory-chat/chat.ts';
import { ann, bob, connectionOf, start, uuid } from '../../../kit/memory-chat/system.ts';
import { make } from '../room-steps.ts';

const hour = 3_600_000;

describe('watching the rooms of a user', () => {
  it('stores a watch for each room and names it to the writers', async () => {
    const chat = await openChat({}, bob);
    await watchRoomsOf(chat, bob.userId);
    expect(await chat.inbox.watchers(roomId)).toEqual([{ userId: bob.userId, untilMs: start + 6 * hour }]);
    expect(isWatched((await chat.rooms.head(roomId))!, start + 6 * hour - 1)).toBe(true);
    expect(isWatched((await chat.rooms.head(roomId))!, start + 6 * hour)).toBe(false);
  });

  it('writes nothing while the watch outlives every socket that opens now, and renews it afterwards', async () => {
    const chat = await openChat({}, bob);
    await watchRoomsOf(chat, bob.userId);
    const written: string[] = [];
    const { watch, setWatched } = chat.inbox;
    chat.inbox.watch = (...input) => (written.push('watch'), watch(...input));
    chat.inbox.setWatched = (...input) => (written.push('head'), setWatched(...input));
    chat.clock.pass(3 * hour);
    await watchRoomsOf(chat, bob.userId);
    expect(written).toEqual([]);
    chat.clock.pass(hour);
    await watchRoomsOf(chat, bob.userId);
    expect(written).toEqual(['watch', 'head']);
  });

  it('leaves out rooms with more than 100 members', async () => {
    const chat = await openChat({ memberCount: 101 }, bob);
    await watchRoomsOf(chat, bob.userId);
    expect(await chat.inbox.watchers(roomId)).toEqual([]);
    expect((await chat.rooms.head(roomId))?.watchedUntilMs).toBeUndefined();
  });

  it('covers at most 500 rooms', async () => {
    const chat = memoryChat();
    for (let made = 0; made < 510; made += 1) await make(chat, `room-${made}`);
    await watchRoomsOf(chat, ann.userId);
    const watched = [...chat.state.heads.values()].filter((head) => isWatched(head, start));
    expect(watched).toHaveLength(500);
  });
});

describe('a new membership', () => {
  it('is watched only if a live socket of the user receives activity', async () => {
    const chat = await openChat({}, bob);
    const register = (id: string, more: object) =>
      chat.subscriptions.add(bob.userId, subscriberOf(connectionOf(bob, id, more), 0, start));
    await register('plain', {});
    await register('single', { inbox: true, isSingleRoom: true });
    await register('dead', { inbox: true, leaseEndsAtMs: start });
    await watchNewMembership(chat, bob.userId, roomId);
    expect(await chat.inbox.watchers(roomId)).toEqual([]);
    await register('live', { inbox: true });
    await watchNewMembership(chat, bob.userId, roomId);
    expect(await chat.inbox.watchers(roomId)).toMatchObject([{ userId: bob.userId }]);
  });

  it('does not mark the head of a room that is gone', async () => {
    const chat = await openChat({}, bob);
    await chat.inbox.setWatched(uuid(77), start + hour);
    expect(await chat.rooms.head(uuid(77))).toBeUndefined();
  });
});
