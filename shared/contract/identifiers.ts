/** The forms of names, ids and times that cross the wire. */
import * as z from 'zod';
import { hasVisibleCharacter } from './characters.ts';
import { limits } from './limits.ts';
import { faultOfNewRoomName } from './room-names/choosing.ts';
import { Text } from './text.ts';

export const UserId = z.uuid().toLowerCase().meta({ id: 'UserId', description: 'A user, for ever.' });
export const RoomId = z
  .uuid()
  .toLowerCase()
  .meta({ id: 'RoomId', description: 'A room; a direct room has one for its pair of users.' });

export const SessionId = z
  .uuid()
  .toLowerCase()
  .meta({ id: 'SessionId', description: 'One sign-in, until it ends.' });

export const Seq = z.int().min(1).meta({
  id: 'Seq',
  description: 'The place of an entry in its room’s log: 1, 2, 3 … the same for everyone.',
});

export const MessageId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, 'is not a message id')
  .meta({ id: 'MessageId', description: 'Opaque and URL-safe.' });

export const ClientId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, 'takes 1 to 64 of A-Z a-z 0-9 _ -')
  .meta({ id: 'ClientId', description: 'The idempotency key of a send, chosen by the client.' });

export const Timestamp = z.iso.datetime({ precision: 3 }).meta({
  id: 'Timestamp',
  description: 'ISO 8601, UTC, milliseconds.',
  example: '2026-11-22T12:00:00.000Z',
});

const usernamePattern = /^[A-Za-z0-9@.+_-]+$/;

export const Username = z
  .string()
  .min(1)
  .max(limits.usernameLength)
  .regex(usernamePattern, 'takes letters, digits and @ . + - _ only')
  .meta({ id: 'Username', description: 'Unique without regard to case.', example: 'ann' });

/** The start of a username, for looking people up. */
export const UsernamePrefix = Username.meta({ id: 'UsernamePrefix', description: 'How a username starts.' });

const roomNamePattern = /^[\p{L}\p{M}\p{N}_.-]+$/u;

/** A room's name as somebody looks for it: any form is folded to NFKC, reserved names included. */
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
        `takes at most ${limits.roomNameLength} characters`,
      )
      .regex(roomNamePattern, 'takes letters, digits and _ . - only'),
  )
  .meta({
    id: 'RoomName',
    description: 'Folded to NFKC; unique without regard to case.',
    maxLength: limits.roomNameLength,
    example: 'general',
  });

/** A room's name as its owner chooses it. Names from before a rule stay reachable: looking up takes a RoomName. */
export const NewRoomName = RoomName.superRefine((name, context) => {
  const message = faultOfNewRoomName(name);
  if (message !== undefined) context.addIssue({ code: 'custom', message });
}).meta({
  id: 'NewRoomName',
  description:
    'Folded to NFKC; unique without regard to case and to letters that look alike. Not `.` or `..`, nothing that starts with `dm_` or has the form of an id, no invisible characters, at most four combining marks in a row, no mix of scripts that can be taken for another name.',
  pattern: '^(?![dD][mM]_)',
  example: 'general',
});

export const Content = Text.max(
  limits.contentRawLength,
  `takes at most ${limits.contentRawLength} characters with the white space around it`,
)
  .refine((text) => {
    const length = text.trim().length;
    return length >= 1 && length <= limits.contentLength;
  }, `takes 1 to ${limits.contentLength} characters after trimming`)
  .refine(hasVisibleCharacter, 'has no visible character')
  .refine(
    (text) => new TextEncoder().encode(JSON.stringify(text)).length - 2 <= limits.contentBytes,
    `takes at most ${limits.contentBytes} bytes`,
  )
  .meta({
    id: 'Content',
    description: `1 to ${limits.contentLength} characters after trimming, ${limits.contentRawLength} and ${limits.contentBytes} bytes before, of which at least one is visible; tab, line feed and carriage return are the only control characters. Stored as sent.`,
  });

/** A whole number as it is written in an address: digits alone, so that nothing and `1e3` are none. */
export const wholeNumber = (from: number, to: number) =>
  z
    .string()
    .regex(/^\d{1,16}$/, 'is not a whole number')
    .transform(Number)
    .pipe(z.int().min(from).max(to));
