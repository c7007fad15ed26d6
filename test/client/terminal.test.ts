import { describe, expect, test } from 'vitest';
import { readCommandLine, UsageError } from '../../examples/terminal/command-line.ts';
import { parseLine } from '../../examples/terminal/line.ts';
import { linesBetween, printable, typingHint, usersLine } from '../../examples/terminal/transcript.ts';
import { createFakeSystem, openRoom } from './fake-system.ts';
import { ann, bob, roomId, said } from './server-events.ts';

describe('the command line', () => {
  test('has default values for the room and the address', () => {
    expect(readCommandLine(['--user', 'ann'])).toEqual({
      user: 'ann',
      room: 'general',
      url: 'http://127.0.0.1:3000',
      password: undefined,
    });
    expect(readCommandLine(['--help'])).toBe('help');
  });

  test.each([[[]], [['--user', '']], [['--user', 'ann', '--url', 'nowhere']], [['--what']], [['--user']]])(
    'reports the mistake in %j in one line',
    (args: string[]) => {
      expect(() => readCommandLine(args)).toThrow(UsageError);
      expect(() => readCommandLine(args)).toThrow(/^[^\n]+$/);
    },
  );
});

describe('a typed line', () => {
  test.each([
    ['hello /there', { kind: 'message', content: 'hello /there' }],
    ['//me', { kind: 'message', content: '/me' }],
    ['  ', { kind: 'empty' }],
    ['/quit', { kind: 'quit' }],
    ['/edit oh well', { kind: 'edit', seq: undefined, content: 'oh well' }],
    ['/edit #12 oh well', { kind: 'edit', seq: 12, content: 'oh well' }],
    ['/delete', { kind: 'delete', seq: undefined }],
    ['/delete #3', { kind: 'delete', seq: 3 }],
    ['/edit', { kind: 'unknown', hint: expect.stringContaining('/edit') }],
    ['/delete that', { kind: 'unknown', hint: expect.stringContaining('/delete') }],
    ['/dance', { kind: 'unknown', hint: expect.stringContaining('/dance') }],
  ])('is parsed: %s', (text, line) => {
    expect(parseLine(text)).toEqual(line);
  });
});

describe('the transcript', () => {
  test('has a line for each new message, edit and deletion, and for each user who joins or leaves', async () => {
    const system = createFakeSystem();
    const room = await openRoom(system, 1);
    let seen = room.getSnapshot();
    const next = (): string[] => {
      const lines = linesBetween(seen, room.getSnapshot());
      seen = room.getSnapshot();
      return lines;
    };
    expect(linesBetween(undefined, seen)).toEqual([expect.stringMatching(/^\d\d:\d\d #1 bob: message 1$/)]);
    system.socket().push({ type: 'user_join', user_id: bob.id, username: 'bob', room_id: roomId });
    expect(next()).toEqual(['* bob joined']);
    system.socket().push(said(2, 'hi'));
    expect(next()).toEqual([expect.stringMatching(/#2 bob: hi$/)]);
    const edited = { sender_id: bob.id, sender_username: 'bob', edited_at: '2027-01-15T08:00:05.000Z' };
    system.socket().push({
      type: 'message_edited',
      message_id: 'm2',
      room_id: roomId,
      seq: 3,
      new_content: 'ho',
      ...edited,
    });
    expect(next()).toEqual(['* #2 was edited by bob: ho']);
    system.socket().push({ type: 'message_deleted', message_id: 'm2', room_id: roomId, seq: 4 });
    expect(next()).toEqual(['* #2 was deleted by bob']);
    system.socket().push({ type: 'user_leave', user_id: bob.id, username: 'bob', room_id: roomId });
    expect(next()).toEqual(['* bob left']);
    room.send('not yet');
    expect(next()).toEqual([]);
  });

  test('names the users who are present and those who are typing', async () => {
    const system = createFakeSystem();
    const room = await openRoom(system);
    system.socket().push({ type: 'room_users_list', room_id: roomId, users: [ann, bob], total: 300 });
    expect(usersLine(room.getSnapshot())).toBe('present: ann, bob and 298 more');
    expect(typingHint(room.getSnapshot())).toBe('');
    const typing = { type: 'typing_indicator', room: 'general', room_id: roomId, is_typing: true };
    system.socket().push({ ...typing, user: 'bob', user_id: bob.id });
    expect(typingHint(room.getSnapshot())).toBe(' (bob is typing)');
  });

  test('replaces control characters in messages', () => {
    expect(printable('\u001b[2Jgone\u0007\u009b31m')).toBe('\ufffd[2Jgone\ufffd\ufffd31m');
    expect(printable('👩‍🚀 ünï')).toBe('👩‍🚀 ünï');
  });
});
