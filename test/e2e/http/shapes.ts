/** The exact shapes of successful answers, for `toEqual`: an additional or a missing field is a failure. */
import { expect } from 'vitest';

const uuid = expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
const text = expect.any(String);
const flag = expect.any(Boolean);
const count = expect.toSatisfy((value) => Number.isSafeInteger(value) && value >= 0, 'a count');
const seq = expect.toSatisfy((value) => Number.isSafeInteger(value) && value >= 1, 'a seq');
const messageId = expect.stringMatching(/^[A-Za-z0-9_-]{1,64}$/);
const token = expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/);
/** ISO 8601, UTC, milliseconds. */
export const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

export const registeredUser = { id: uuid, username: text, email: text };
export const tokenPair = { access: token, refresh: token };
export const userSummary = { id: uuid, username: text, profile_picture: null };
export const profile = { ...registeredUser, first_name: text, last_name: text, profile_picture: null };

export const session = {
  id: uuid,
  created_at: time,
  last_used_at: time,
  expires_at: time,
  is_current: flag,
  user_agent: text,
};

export const room = {
  room_id: uuid,
  room_name: text,
  created_at: time,
  creator_id: uuid,
  creator_username: text,
  description: text,
  is_private: flag,
  is_direct: flag,
  message_count: count,
  member_count: count,
};

/** A direct room as its members see it. */
export const directRoom = { ...room, peer: userSummary };

/** A message that was sent without a `client_id`, and never edited. */
export const message = {
  message_id: messageId,
  room_id: uuid,
  seq,
  sender_id: uuid,
  sender_username: text,
  content: text,
  timestamp: time,
  edited_at: null,
  is_deleted: false,
};

export const editedMessage = { ...message, edited_at: time };

/** A room in the caller's list that has messages and no read marker. */
export const myRoom = { ...room, unread_count: count, last_read_message_id: null, last_message: message };

export const member = {
  id: uuid,
  username: text,
  role: expect.stringMatching(/^(owner|member)$/),
  joined_at: time,
  last_read_message_id: null,
};

export const membership = {
  room_id: uuid,
  room_name: text,
  role: member.role,
  joined_at: time,
  last_read_message_id: null,
  read_at: null,
};

export const searchPage = {
  results: expect.arrayContaining([expect.objectContaining({ ...message, highlights: expect.any(Array) })]),
  searched_back_to: null,
};

export const readState = { last_read_message_id: messageId, unread_count: count };
/** After messages were marked as unread: there may be no message before them. */
export const markerMovedBack = {
  last_read_message_id: expect.toSatisfy(
    (value) => value === null || messageId.asymmetricMatch(value),
    'null or the id of a message',
  ),
  unread_count: count,
};
export const unreadRooms = { total: count, rooms: expect.any(Array) };
export const reader = { user_id: uuid, username: text, last_read_message_id: null, read_at: null };
export const ticket = { ticket: expect.stringMatching(/^[\w.~-]{16,}$/), expires_in: 30 };
/** Of a stage on which the canary has never run, or has. */
export const promises = {
  status: expect.stringMatching(/^(ok|failing|unknown)$/),
  last_check: expect.toSatisfy((value) => value === null || typeof value === 'object', 'null or a check'),
};
export const health = { status: 'ok', version: expect.stringMatching(/^\d+\.\d+\.\d+/) };

/** Matches an array with at least one element, all of the given shape. */
export const listOf = (form: object): unknown =>
  expect.toSatisfy((value) => {
    expect(value).not.toHaveLength(0);
    for (const element of value) expect(element).toEqual(form);
    return true;
  }, 'a list of that form');

export const attachment = {
  attachment_id: expect.stringMatching(/^[\w-]{43}$/),
  name: text,
  type: text,
  size: expect.any(Number),
  url: expect.stringMatching(/^https?:.*\/files\//),
};

export const uploadForm = {
  upload_id: expect.stringMatching(/^[\w-]{43}$/),
  url: expect.stringMatching(/^https?:/),
  fields: expect.objectContaining({ key: expect.stringMatching(/^incoming\//), Policy: text }),
  expires_in: 300,
};
