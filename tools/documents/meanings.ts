/** The texts about codes, refused handshakes and limits that the documents share. */
import type { FrameCodeName } from '../../shared/contract/errors.ts';
import * as limits from '../../shared/contract/limits.ts';

interface Meaning {
  means: string;
  advice: string;
}

/** The meaning of each code of an `error` or `close` event, and what a client should do. */
export const frameCodeMeanings: Record<FrameCodeName, Meaning> = {
  room_unavailable: {
    means: 'The room cannot be opened, or it was deleted while it was open.',
    advice: 'Do not retry. Close the room in the user interface.',
  },
  unauthorized: {
    means: 'The access token is missing, invalid or expired, or its session has ended.',
    advice: 'Refresh the token or sign in again, then reconnect and resume.',
  },
  forbidden: {
    means: 'You are not allowed to do this, or you are no longer a member of the room.',
    advice: 'Do not retry.',
  },
  not_found: {
    means: 'The message does not exist, or the room is not open on this socket.',
    advice: 'Remove it from the user interface.',
  },
  invalid_frame: {
    means: 'The frame is not JSON, has an unknown type or an invalid field.',
    advice: 'Fix the client. The connection stays open.',
  },
  conflict: {
    means: 'The `client_id` was already used for a message with different content.',
    advice: 'Use a new `client_id` for each message.',
  },
  too_large: {
    means: 'The frame is too large.',
    advice: 'Send a smaller frame.',
  },
  rate_limited: {
    means: 'You sent too many commands, or opened too many connections.',
    advice: 'Wait for `retry_after_ms`, then send the command again.',
  },
  try_again: {
    means: 'The server could not complete the command.',
    advice: 'Back off with jitter, then send the command again with the same `client_id`.',
  },
  reconnect: {
    means: 'The connection ends, for example because it reached its maximum duration.',
    advice: 'Reconnect at once and resume.',
  },
};

interface Refusal extends Meaning {
  status: number;
  /** The code that a `close` event would have, if one could be sent. */
  code: number;
}

/** The HTTP statuses of refused handshakes. No `close` event can be sent before the socket is open. */
export const handshakeRefusals: readonly Refusal[] = [
  {
    status: 401,
    code: 4001,
    means: 'The token or ticket is missing, invalid or expired.',
    advice: 'Refresh the token or sign in again.',
  },
  {
    status: 403,
    code: 4003,
    means: 'The room is private, and you are not a member.',
    advice: 'Do not retry.',
  },
  {
    status: 404,
    code: 4000,
    means: 'The room does not exist, and opening it does not create it.',
    advice: 'Do not retry.',
  },
  { status: 409, code: 4000, means: 'The room cannot be opened under this name.', advice: 'Do not retry.' },
  {
    status: 429,
    code: 4029,
    means: 'You have too many connections, or opened too many in a short time.',
    advice: 'Back off with jitter.',
  },
];

const kilobyte = 1024;

/** The limits of a WebSocket connection. */
export const socketLimits: readonly { what: string; limit: string }[] = [
  {
    what: 'Size of a frame',
    limit: `${limits.frameBytes / kilobyte} KB; the gateway closes the connection after a larger one (1009)`,
  },
  { what: 'Binary frames', limit: 'not supported; the gateway closes the connection (1003)' },
  {
    what: 'Content of a message',
    limit: `1 to ${limits.contentLength.toLocaleString('en')} characters after trimming, at most ${limits.contentRawLength.toLocaleString('en')} before`,
  },
  { what: '`client_id`', limit: `1 to ${limits.clientIdLength} characters of A-Z a-z 0-9 _ -` },
  { what: 'Time in which a repeated `client_id` is recognized', limit: `${limits.sendKeyLifetimeDays} days` },
  {
    what: 'Entries in one answer to `history`',
    limit: `${limits.pageSizeMaximum}, by default ${limits.pageSize}`,
  },
  {
    what: 'Messages, and other commands, in 10 seconds',
    limit: 'a setting each; further ones are answered with 4029 and `retry_after_ms`',
  },
  {
    what: 'Commands after repeated refusals',
    limit: 'the server closes the connection, with code 4029 in `close`',
  },
  {
    what: 'Connections of one user',
    limit: 'a setting; further ones are refused with 429, or closed with code 4029 in `close`',
  },
  { what: 'Open rooms on one socket', limit: String(limits.roomsPerConnection) },
  { what: 'Users listed in `room_users_list`', limit: `${limits.roomUsersListed}, and the total` },
  { what: 'Use of a ticket', limit: `once, within ${limits.ticketLifetimeSeconds} seconds` },
  {
    what: 'Time without a frame in either direction',
    limit: '10 minutes; then the gateway closes the connection (1001)',
  },
  { what: 'Duration of a connection', limit: '2 hours; a `close` with code 4200 precedes the end' },
];
