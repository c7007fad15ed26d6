import { describe, expect, it } from 'vitest';
import {
  authorize,
  isAllowed,
  kindOf,
  assertSender,
  roomRules,
  standingOf,
  type RoomAction,
  type RoomKind,
  type Standing,
} from '../../../shared/domain/access.ts';
import { memberOf, roomOf } from '../fakes/chat.ts';
import { ann, bob } from '../fakes/system.ts';

/** `+` allowed, `x` forbidden, `0` as if it did not exist; for owner, member, stranger. */
const table: Record<RoomAction, Record<RoomKind, string>> = {
  seeRoom: { public: '+++', private: '++0', direct: '++0' },
  readMessages: { public: '+++', private: '++0', direct: '++0' },
  sendMessage: { public: '+++', private: '++0', direct: '++0' },
  editMessage: { public: '+++', private: '++0', direct: '++0' },
  deleteMessage: { public: '+++', private: '++0', direct: '++0' },
  markRead: { public: '+++', private: '++0', direct: '++0' },
  openSocket: { public: '+++', private: '++0', direct: '++0' },
  listMembers: { public: '+++', private: '++0', direct: '++0' },
  updateRoom: { public: '+xx', private: '+x0', direct: 'xx0' },
  deleteRoom: { public: '+xx', private: '+x0', direct: 'xx0' },
  addMember: { public: 'xxx', private: '+x0', direct: 'xx0' },
  removeMember: { public: 'xxx', private: '+x0', direct: 'xx0' },
  leaveRoom: { public: 'x+x', private: 'x+0', direct: 'xx0' },
};

const standings: Standing[] = ['owner', 'member', 'stranger'];

const cells = Object.entries(table).flatMap(([action, kinds]) =>
  Object.entries(kinds).flatMap(([kind, row]) =>
    standings.map((standing, at) => ({ action, kind, standing, answer: row.charAt(at) })),
  ),
) as { action: RoomAction; kind: RoomKind; standing: Standing; answer: '+' | 'x' | '0' }[];

function refusalOf(action: RoomAction, kind: RoomKind, standing: Standing): string | undefined {
  const room = roomOf({
    creatorId: standing === 'owner' ? ann.userId : bob.userId,
    isPrivate: kind !== 'public',
    isDirect: kind === 'direct',
  });
  const member = standing === 'stranger' ? undefined : memberOf(room, ann);
  try {
    authorize(action, room, ann.userId, member);
    return undefined;
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe('who may do what', () => {
  it('is told for every action, kind of room and standing', () => {
    expect(Object.keys(table).sort()).toEqual(Object.keys(roomRules).sort());
    expect(cells).toHaveLength(Object.keys(roomRules).length * 9);
  });

  it.each(cells)('$action by a $standing in a $kind room: $answer', ({ action, kind, standing, answer }) => {
    expect(refusalOf(action, kind, standing)).toBe(
      { '+': undefined, x: 'forbidden', '0': 'not_found' }[answer],
    );
    // In a direct room nobody stands above the other, so its creator is a member like the other.
    const counted = kind === 'direct' && standing === 'owner' ? 'member' : standing;
    expect(isAllowed(action, kind, counted)).toBe(answer === '+');
  });

  it('lets nobody do on a socket, which asks only when it opens a room, what a request would be refused', () => {
    const onSockets: RoomAction[] = [
      'readMessages',
      'sendMessage',
      'editMessage',
      'deleteMessage',
      'markRead',
    ];
    for (const action of onSockets) expect(roomRules[action]).toEqual(roomRules.openSocket);
  });

  it('leaves a message to its sender', () => {
    const forbidden = expect.objectContaining({ code: 'forbidden' });
    expect(() => assertSender({ userId: ann.userId }, ann.userId)).not.toThrow();
    expect(() => assertSender({ userId: ann.userId }, bob.userId)).toThrow(forbidden);
  });

  it('goes by membership: a creator without one is a stranger', () => {
    expect(standingOf(roomOf(), ann.userId, undefined)).toBe('stranger');
  });

  it('goes by the role and not by who made the room, since the role can be inherited', () => {
    const room = roomOf({ creatorId: ann.userId });
    expect(standingOf(room, bob.userId, memberOf(room, bob, { role: 'owner' }))).toBe('owner');
    expect(standingOf(room, ann.userId, memberOf(room, ann, { role: 'member' }))).toBe('member');
    expect(standingOf(room, bob.userId, memberOf(room, ann))).toBe('stranger');
  });

  it('knows a direct room for direct, private as it is', () => {
    expect(kindOf(roomOf({ isDirect: true, isPrivate: true }))).toBe('direct');
    expect(kindOf(roomOf({ isPrivate: true }))).toBe('private');
    expect(kindOf(roomOf())).toBe('public');
  });
});
