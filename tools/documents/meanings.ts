/** What the documents say about codes, refusals and limits, in words for those who write a client. */
import type { FrameCodeName } from '../../shared/contract/errors.ts';
import { limits } from '../../shared/contract/limits.ts';

interface Meaning {
  means: string;
  advice: string;
}

/** What a code of an `error` or `close` frame means, and what a client does about it. */
export const frameCodeMeanings: Record<FrameCodeName, Meaning> = {
  room_unavailable: {
    means: 'The room cannot be opened, or it was deleted while you were in it.',
    advice: 'Do not retry; leave the room in your user interface.',
  },
  unauthorized: {
    means: 'The access token is missing, wrong or has ended, or its session was signed out.',
    advice: 'Refresh the token or sign in again, then come back and resume.',
  },
  forbidden: {
    means: 'You may not do this here, or you were removed from the room.',
    advice: 'Do not retry.',
  },
  not_found: {
    means: 'There is no such message, or this socket is not in that room.',
    advice: 'Drop what you hold of it.',
  },
  invalid_frame: {
    means: 'The frame is not JSON, has an unknown type, or a field that fails validation.',
    advice: 'Mend the client; the connection stays open.',
  },
  conflict: {
    means: 'This client_id was used before, for other content.',
    advice: 'Choose a new client_id for new content.',
  },
  too_large: {
    means: 'The frame is too large.',
    advice: 'Shorten it.',
  },
  rate_limited: {
    means: 'Too many commands in a short time.',
    advice: 'Send the command again after retry_after_ms.',
  },
  try_again: {
    means: 'The server failed; it is not your fault.',
    advice: 'Back off with jitter, then send the command again with the same client_id.',
  },
  reconnect: {
    means: 'The server ends this connection as planned, before the platform would.',
    advice: 'Reconnect at once and resume.',
  },
};

interface Refusal extends Meaning {
  status: number;
  /** The code that a close frame would carry, if a refused handshake had one. */
  code: number;
}

/** How a handshake is refused: by its HTTP status, since no close frame can be sent before there is a socket. */
export const handshakeRefusals: readonly Refusal[] = [
  {
    status: 401,
    code: 4001,
    means: 'No token or ticket, or one that is not valid.',
    advice: 'Refresh, or sign in again.',
  },
  { status: 403, code: 4003, means: 'A private room that you do not belong to.', advice: 'Do not retry.' },
  {
    status: 404,
    code: 4000,
    means: 'There is no such room, and it is not made on the fly.',
    advice: 'Do not retry.',
  },
  { status: 409, code: 4000, means: 'The room cannot be opened as it is.', advice: 'Do not retry.' },
  {
    status: 429,
    code: 4029,
    means: 'Too many connections, or too many at once.',
    advice: 'Back off with jitter.',
  },
];

const kilobyte = 1024;

/** The limits that somebody on a socket can run into. */
export const socketLimits: readonly { what: string; limit: string }[] = [
  { what: 'A frame', limit: `${limits.frameBytes / kilobyte} KB; beyond it the gateway closes with 1009` },
  { what: 'Binary frames', limit: 'none; the gateway closes with 1003' },
  {
    what: 'Content of a message',
    limit: `1 to ${limits.contentLength.toLocaleString('en')} characters after trimming, ${limits.contentRawLength.toLocaleString('en')} before; stored as sent`,
  },
  { what: 'client_id', limit: `1 to ${limits.clientIdLength} of A-Z a-z 0-9 _ -` },
  { what: 'A client_id is remembered for', limit: `${limits.sendKeyLifetimeDays} days` },
  { what: 'One run of history', limit: `${limits.pageSizeMaximum} entries, ${limits.pageSize} by default` },
  { what: 'Messages, other commands', limit: 'so many in 10 seconds; then 4029 with retry_after_ms' },
  {
    what: 'Commands refused again and again',
    limit: 'a close frame with code 4029, and the end of the socket',
  },
  {
    what: 'Connections of one user',
    limit: 'a setting; 429 at the handshake, or a close frame with code 4029',
  },
  { what: 'Rooms on one socket', limit: String(limits.roomsPerConnection) },
  { what: 'Users named in room_users_list', limit: `${limits.roomUsersListed}, and total` },
  { what: 'A ticket', limit: `one use within ${limits.ticketLifetimeSeconds} seconds` },
  { what: 'Silence', limit: '10 minutes without a frame in either direction end the connection (1001)' },
  { what: 'One connection', limit: '2 hours; a close frame with code 4200 comes before' },
];
