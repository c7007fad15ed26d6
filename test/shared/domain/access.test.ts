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
import { memberOf, roomOf } from '../../kit/memory-chat/chat.ts';
import { ann, bob } from '../../kit/memory-chat/system.ts';

/** For owner, member and stranger: `+` allowed, `x` refused as forbidden, `0` refused as not found. */
const table: Record<RoomAction, Record<RoomKind, string>> = {
  seeRoom: { public: '+++', private: '++0', direct: '++0' },
  readMessages: { public: '+++', private: '++0', direct: '++0' },
  searchMessages: { public: '+++', private: '++0', direct: '++0' },
  sendMessage: { public: '+++', private: '++0', direct: '++0' },
  editMessage: { public: '+++', private: '++0', direct: '++0' },
  deleteMessage: { public: '+++', private: '++0', direct: '++0' },
  markRead: { public: '+++', private: '++0', direct: '++0' },
  markUnread: { public: '+++', private: '++0', direct: '++0' },
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
    standings.map((standing, index) => ({ action, kind, standing, answer: row.charAt(index) })),
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

describe('the permissions in rooms', () => {
  it('are listed for every action, kind of room and standing', () => {
    expect(Object.keys(table).sort()).toEqual(Object.keys(roomRules).sort());
    expect(cells).toHaveLength(Object.keys(roomRules).length * 9);
  });

  it.each(cells)('$action by a $standing in a $kind room: $answer', ({ action, kind, standing, answer }) => {
    expect(refusalOf(action, kind, standing)).toBe(
      { '+': undefined, x: 'forbidden', '0': 'not_found' }[answer],
    );
    // A direct room has no owner, so its creator is a member like the other user.
    const effective = kind === 'direct' && standing === 'owner' ? 'member' : standing;
    expect(isAllowed(action, kind, effective)).toBe(answer === '+');
  });

  it('are the same for all socket commands as for opening a room, since a socket checks only then', () => {
    const onSockets: RoomAction[] = [
      'readMessages',
      'sendMessage',
      'editMessage',
      'deleteMessage',
      'markRead',
    ];
    for (const action of onSockets) expect(roomRules[action]).toEqual(roomRules.openSocket);
  });

  it('allow a message to be changed by its sender only', () => {
    const forbidden = expect.objectContaining({ code: 'forbidden' });
    expect(() => assertSender({ userId: ann.userId }, ann.userId)).not.toThrow();
    expect(() => assertSender({ userId: ann.userId }, bob.userId)).toThrow(forbidden);
  });

  it('treat a creator who is not a member as a stranger', () => {
    expect(standingOf(roomOf(), ann.userId, undefined)).toBe('stranger');
  });

  it('follow the role and not the creator, since ownership can pass to another member', () => {
    const room = roomOf({ creatorId: ann.userId });
    expect(standingOf(room, bob.userId, memberOf(room, bob, { role: 'owner' }))).toBe('owner');
    expect(standingOf(room, ann.userId, memberOf(room, ann, { role: 'member' }))).toBe('member');
    expect(standingOf(room, bob.userId, memberOf(room, ann))).toBe('stranger');
  });

  it('treat a direct room as direct although it is private as well', () => {
    expect(kindOf(roomOf({ isDirect: true, isPrivate: true }))).toBe('direct');
    expect(kindOf(roomOf({ isPrivate: true }))).toBe('private');
    expect(kindOf(roomOf())).toBe('public');
  });
});
