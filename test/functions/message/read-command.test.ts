import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseFrame, readCommand, refOf } from '../../../functions/message/run-command.ts';
import { commands } from '../../../shared/contract/websocket/commands.ts';
import { encodeMessageId } from '../../../shared/domain/message-id.ts';
import { uuid } from '../../kit/memory-chat/system.ts';
import { outcomeOf } from '../../shared/outcome.ts';

const messageId = encodeMessageId(uuid(1), 1);

const good: Record<keyof typeof commands, object> = {
  message: { content: 'hi', client_id: 'c-1' },
  typing: { is_typing: true },
  read: { message_id: messageId },
  edit: { message_id: messageId, content: 'ho' },
  delete: { message_id: messageId },
  history: { after: 0, limit: 5 },
  join: { room: 'general' },
  leave: { room_id: uuid(1) },
  inbox: { ref: 'r-2' },
  auth: { token: 't' },
  ping: { ref: 'r-1' },
};

const invalid = expect.objectContaining({ code: 'invalid_request' });

describe('reading a command', () => {
  it.each(Object.entries(good))('accepts the command %s', (type, fields) => {
    expect(readCommand({ type, ...fields })).toEqual({ type, ...fields });
  });

  it('reads a frame in the untyped form as a message', () => {
    expect(readCommand({ message: 'hi', client_id: 'c-1' })).toEqual({
      type: 'message',
      content: 'hi',
      client_id: 'c-1',
    });
    expect(() => readCommand({ message: ' ' })).toThrow(invalid);
  });

  it.each([
    null,
    7,
    'text',
    [],
    [{ type: 'ping' }],
    {},
    { type: 'none' },
    { type: 7 },
    { type: 'constructor' },
    { type: '__proto__' },
    { type: 'message' },
  ])('refuses %j', (frame) => {
    expect(() => readCommand(frame)).toThrow(invalid);
  });

  it.each(Object.entries(good))('ignores fields that %s does not have', (type, fields) => {
    const extra = { more: 1, username: 'ann', message: 'hi', nested: [[{}]] };
    expect(readCommand({ type, ...fields, ...extra })).toEqual({ type, ...fields });
  });

  it('ignores the name and the room of the sender in the untyped form', () => {
    const frame = { message: 'hi', username: 'ann', room: 'general' };
    expect(readCommand(frame)).toEqual({ type: 'message', content: 'hi' });
  });

  it('accepts or refuses any value, and never throws another error', () => {
    fc.assert(
      fc.property(fc.anything(), fc.constantFrom(...Object.keys(commands), undefined), (value, type) => {
        const frame = type === undefined ? value : { type, content: value, room: value };
        const { value: command, error } = outcomeOf(() => readCommand(frame));
        expect(command === undefined ? error?.code : Object.keys(commands).includes(command.type)).toBeOneOf([
          'invalid_request',
          true,
        ]);
      }),
    );
  });

  it('accepts JSON of at most 32 KB, counted in bytes, and does not quote what it refuses', () => {
    expect(parseFrame('{"a":1}')).toEqual({ a: 1 });
    expect(parseFrame(`"${'é'.repeat(16_383)}"`)).toHaveLength(16_383);
    expect(() => parseFrame(`"${'é'.repeat(16_384)}"`)).toThrow(
      expect.objectContaining({ code: 'payload_too_large' }),
    );
    for (const body of [undefined, '', 'secret-marker', '{']) expect(() => parseFrame(body)).toThrow(invalid);
    expect(() => parseFrame('secret-marker')).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('secret-marker') }),
    );
  });
});

describe('the reference of an error', () => {
  it('is the ref of the command, or else its client_id, if that is valid', () => {
    expect(refOf({ ref: 'r', client_id: 'c' })).toBe('r');
    expect(refOf({ ref: 7, client_id: 'c' })).toBe('c');
    for (const frame of [undefined, null, 'x', [], { ref: '' }, { ref: 'r'.repeat(65) }, { ref: {} }])
      expect(refOf(frame)).toBeUndefined();
  });
});
