/** The users and the room of the client's tests, and the server's events about them. */

export const roomId = '11111111-1111-4111-8111-111111111111';
export const ann = { id: '22222222-2222-4222-8222-222222222222', username: 'ann' };
export const bob = { id: '33333333-3333-4333-8333-333333333333', username: 'bob' };

export type Frame = Record<string, unknown> & { type: string };

export const ready = (head: number): Frame => ({
  type: 'ready',
  user: ann,
  room_id: roomId,
  room: 'general',
  head,
  heartbeat_seconds: 60,
  server_time: '',
});

export const historyEnd = (head: number, more: Partial<Frame> = {}): Frame => ({
  type: 'history_end',
  room_id: roomId,
  first_seq: head === 0 ? null : 1,
  head,
  has_more: false,
  recovered: true,
  ...more,
});

export const said = (seq: number, content = `message ${seq}`, more: Partial<Frame> = {}): Frame => ({
  type: 'chat_message',
  message_id: `m${seq}`,
  room_id: roomId,
  seq,
  message: content,
  sender_id: bob.id,
  sender_username: 'bob',
  timestamp: '2027-01-15T08:00:00.000Z',
  edited_at: null,
  is_deleted: false,
  ...more,
});

export const ack = (frame: Frame | undefined, seq: number): Frame => ({
  type: 'ack',
  client_id: frame?.['client_id'],
  message_id: `m${seq}`,
  room_id: roomId,
  seq,
  timestamp: '2027-01-15T08:00:00.000Z',
  duplicate: false,
});

export const refusal = (
  frame: Frame | undefined,
  code: number,
  name: string,
  more: Partial<Frame> = {},
): Frame => ({
  type: 'error',
  error: `because of ${name}`,
  code,
  name,
  retryable: false,
  ref: frame?.['ref'],
  ...more,
});
