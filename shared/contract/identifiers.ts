/** Schemas of the ids, names and times in requests and answers. */
import * as z from 'zod';
import { hasVisibleCharacter } from './characters.ts';
import * as limits from './limits.ts';
import { explainInvalidRoomName } from './room-names/choosing.ts';
import { Text } from './text.ts';

export const UserId = z
  .uuid()
  .toLowerCase()
  .meta({ id: 'UserId', description: 'The id of a user. It never changes.' });
export const RoomId = z.uuid().toLowerCase().meta({
  id: 'RoomId',
  description: 'The id of a room. The id of a direct room is derived from its two users.',
});

export const SessionId = z
  .uuid()
  .toLowerCase()
  .meta({ id: 'SessionId', description: 'The id of a session: one sign-in, until it ends.' });

export const Seq = z.int().min(1).meta({
  id: 'Seq',
  description:
    'The position of an entry in the log of its room: 1, 2, 3 and so on, the same for all clients.',
});

export const MessageId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be a message id')
  .meta({ id: 'MessageId', description: 'The id of a message: an opaque, URL-safe string.' });

export const AttachmentId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be the id of an upload')
  .meta({
    id: 'AttachmentId',
    description:
      'The id of an upload, which becomes the id of the attachment once a message has it: an opaque, URL-safe string.',
  });

export const ClientId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, 'must have 1 to 64 characters of A-Z a-z 0-9 _ -')
  .meta({
    id: 'ClientId',
    description:
      'The idempotency key of a message, chosen by the client. A repeated send with the same key stores one message.',
  });

export const Timestamp = z.iso.datetime({ precision: 3 }).meta({
  id: 'Timestamp',
  description: 'A time in ISO 8601 format, in UTC, with milliseconds.',
  example: '2026-11-22T12:00:00.000Z',
});

const usernamePattern = /^[A-Za-z0-9@.+_-]+$/;

export const Username = z
  .string()
  .min(1)
  .max(limits.usernameLength)
  .regex(usernamePattern, 'must contain only letters, digits and @ . + - _')
  .meta({
    id: 'Username',
    description: 'A username: ASCII letters, digits and `@ . + - _`. Unique regardless of case.',
    example: 'ann',
  });

/** The start of a username, for searching users. */
export const UsernamePrefix = Username.meta({
  id: 'UsernamePrefix',
  description: 'The start of a username, in any case.',
});

const roomNamePattern = /^[\p{L}\p{M}\p{N}_.-]+$/u;

/** The name of a room to look up. It is normalized to NFKC, and reserved names are allowed. */
export const RoomName = z
  .string()
  .max(4 * limits.roomNameLength)
  .transform((name) => name.normalize('NFKC'))
  .pipe(
    z
      .string()
      .min(1)
      .refine(
        (name) => Array.from(name).length <= limits.roomNameLength,
        `must have at most ${limits.roomNameLength} characters`,
      )
      .regex(roomNamePattern, 'must contain only letters, digits and _ . -'),
  )
  .meta({
    id: 'RoomName',
    description:
      'The name of a room: letters and digits of any script, and `_ . -`. Normalized to NFKC. Unique regardless of case.',
    maxLength: limits.roomNameLength,
    example: 'general',
  });

/** The name of a new or renamed room. Rooms named before a rule existed can still be looked up: that takes a RoomName. */
export const NewRoomName = RoomName.superRefine((name, context) => {
  const message = explainInvalidRoomName(name);
  if (message !== undefined) context.addIssue({ code: 'custom', message });
}).meta({
  id: 'NewRoomName',
  description:
    'The name of a new room: letters and digits of any script, and `_ . -`. Normalized to NFKC. Unique regardless of case and of letters that look alike. It must not be `.` or `..`, start with `dm_`, have the form of an id, contain invisible characters or more than four combining marks in a row, or mix scripts so that it looks like another name.',
  pattern: '^(?![dD][mM]_)',
  example: 'general',
});

/** The error message for content that is too long, or empty where it must not be. */
export const contentLengthMessage = `must have 1 to ${limits.contentLength} characters after trimming`;

const contentOf = (isOptional: boolean) => {
  const isEmpty = (text: string): boolean => isOptional && text === '';
  return Text.max(
    limits.contentRawLength,
    `must have at most ${limits.contentRawLength} characters before trimming`,
  )
    .refine((text) => {
      const { length } = text.trim();
      return isEmpty(text) || (length >= 1 && length <= limits.contentLength);
    }, contentLengthMessage)
    .refine((text) => isEmpty(text) || hasVisibleCharacter(text), 'must contain a visible character')
    .refine(
      (text) => new TextEncoder().encode(JSON.stringify(text)).length - 2 <= limits.contentBytes,
      `must have at most ${limits.contentBytes} bytes`,
    );
};

const contentRules = `1 to ${limits.contentLength} characters after trimming, and at most ${limits.contentRawLength} characters and ${limits.contentBytes} bytes before. At least one character must be visible. Of the control characters, only tab, line feed and carriage return are allowed. Stored as sent, without trimming.`;

export const Content = contentOf(false).meta({
  id: 'Content',
  description: `The text of a message: ${contentRules}`,
});

/** The text of a message that may have attachments instead. */
export const ContentOrEmpty = contentOf(true).meta({
  id: 'ContentOrEmpty',
  description: `The text of a message: empty if the message has attachments, otherwise ${contentRules}`,
});

/** A whole number in a query: digits only, since `Number` would also accept an empty string and `1e3`. */
export const wholeNumber = (from: number, to: number) =>
  z
    .string()
    .regex(/^\d{1,16}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.int().min(from).max(to));
