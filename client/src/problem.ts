/**
 * The client's error class, and every problem that the client itself reports: its code, what has happened, and what to
 * do about it.
 */
import type { ErrorCode, FieldError, FrameCodeName } from './contract/errors.ts';

/**
 * The codes of the API, and those of the client itself:
 *
 * - `unreachable`: there was no answer from the server.
 * - `signed_out`: no user is signed in, or another user than the one who asked.
 * - `removed`: the user was removed from the room.
 * - `closed`: the room was deleted, or the view of it was closed.
 * - `timed_out`: the server did not open the room in time.
 * - `not_available`: the client was created without what this needs, such as a WebSocket class.
 * - `not_stored`: the browser stores nothing, so tokens, unsent messages or rooms are in memory only.
 */
export type ProblemCode =
  | ErrorCode
  | FrameCodeName
  | 'unreachable'
  | 'signed_out'
  | 'removed'
  | 'closed'
  | 'timed_out'
  | 'not_available'
  | 'not_stored';

/** What a `ChatProblem` is made of. */
export interface ProblemFields {
  code: ProblemCode;
  /** A sentence to show to the user. */
  detail: string;
  /** The HTTP status, or the numeric code of an `error` frame; 0 when there was no answer. */
  status?: number;
  /** The fields of the request that were refused. */
  errors?: readonly FieldError[];
  /** Milliseconds to wait before a retry. */
  retryAfterMs?: number;
  /** Whether the same request may succeed later. */
  retryable?: boolean;
  cause?: unknown;
}

/**
 * Every error that the client throws or shows. `code` is for programs, `detail` for users.
 *
 * @example
 * try {
 *   await client.signIn(username, password);
 * } catch (error) {
 *   if (error instanceof ChatProblem && error.code === 'invalid_credentials') showHint(error.detail);
 *   else throw error;
 * }
 */
export class ChatProblem extends Error {
  override readonly name = 'ChatProblem';
  readonly code: ProblemCode;
  readonly detail: string;
  readonly status: number;
  readonly errors: readonly FieldError[];
  readonly retryAfterMs: number | undefined;
  readonly retryable: boolean;

  constructor({
    code,
    detail,
    status = 0,
    errors = [],
    retryAfterMs,
    retryable = false,
    cause,
  }: ProblemFields) {
    super(detail, cause === undefined ? undefined : { cause });
    this.code = code;
    this.detail = detail;
    this.status = status;
    this.errors = errors;
    this.retryAfterMs = retryAfterMs;
    this.retryable = retryable;
  }
}

/** Returns the host to name in a sentence. */
export const hostOf = (url: string): string => url.replace(/^\w+:\/\//, '').replace(/[/?].*$/s, '');

const signedOut = (detail: string, cause?: unknown): ChatProblem =>
  new ChatProblem({ code: 'signed_out', status: 401, detail, cause });

const unreachable = (detail: string, cause?: unknown): ChatProblem =>
  new ChatProblem({ code: 'unreachable', detail, retryable: true, cause });

const refused = (detail: string): ChatProblem =>
  new ChatProblem({ code: 'invalid_request', status: 400, detail });

const closed = (detail: string): ChatProblem => new ChatProblem({ code: 'closed', detail });

export const problems = {
  // No answer. While the client tries again by itself, `withPause` replaces the advice.
  unreachable: (host: string, cause?: unknown) =>
    unreachable(`${host} cannot be reached. Check the network connection, and try again.`, cause),
  brokenOff: (host: string, cause: unknown) =>
    unreachable(`The connection to ${host} broke off in the middle of the answer. Try again.`, cause),
  noWebSocket: (host: string) =>
    unreachable(
      `${host} answers, but a WebSocket to it cannot be opened. Check whether a proxy or firewall blocks WebSockets.`,
    ),
  silent: (host: string) => unreachable(`${host} does not answer any more. Check the network connection.`),
  slow: (host: string) => unreachable(`${host} has not answered yet. Wait, or check the network connection.`),
  noListCode: (cause: unknown) =>
    unreachable(
      'The code of the list of rooms cannot be loaded. Check the network connection, or reload the page.',
      cause,
    ),
  offline: () => unreachable('This device is offline. The client connects when the network is back.'),
  unknown: (error: unknown) =>
    unreachable(`${toSentence(error instanceof Error ? error.message : String(error))} Try again.`, error),

  // Users and their sessions.
  signInFirst: (cause?: unknown) => signedOut('Sign in first.', cause),
  signedOut: () => signedOut('You are signed out. Sign in again to continue.'),
  foreignToken: () =>
    new ChatProblem({
      code: 'unauthorized',
      detail: 'The access token names no user of this chat. Pass a token that this chat has issued.',
    }),
  noToken: (cause: unknown) =>
    unreachable('The application has given no access token. Check its `getToken`, and the network.', cause),
  signInElsewhere: () =>
    new ChatProblem({
      code: 'not_available',
      detail:
        'This client takes its tokens from the application (`getToken`). Sign in there, and call `connect`.',
    }),
  noWebSocketClass: () =>
    new ChatProblem({
      code: 'not_available',
      detail:
        'This environment has no global WebSocket. Pass a class as the option `WebSocket`, such as that of the package `ws`.',
    }),

  // Rooms.
  viewClosed: () => closed('This view of the room was closed. Open the room again.'),
  left: () => closed('This room is not open any more. Open it again.'),
  roomDeleted: () => closed('The room was deleted. Open another room.'),
  removed: () =>
    new ChatProblem({
      code: 'removed',
      status: 403,
      detail: 'You were removed from this room. Ask its owner to add you again.',
    }),
  timedOut: () =>
    new ChatProblem({
      code: 'timed_out',
      detail: 'The server did not open the room in time. Open it again; unsent messages are kept.',
      retryable: true,
    }),
  notStored: (cause: unknown) =>
    new ChatProblem({
      code: 'not_stored',
      detail:
        'This browser stores nothing for the chat, so a reload signs you out or loses unsent messages. Free some space, or allow this site to store data.',
      cause,
    }),
  roomsNotStored: (cause: unknown) =>
    new ChatProblem({
      code: 'not_stored',
      detail:
        'This browser does not store the rooms of the chat, so they are loaded again after a reload. Free some space, or close other tabs of this page.',
      cause,
    }),
  /** The server ended the connection for good. */
  connectionClosed: (status: number, reason: string) =>
    new ChatProblem({
      code: 'closed',
      status,
      detail: `${toSentence(reason)} Sign in again, or connect again later.`,
    }),

  // Content that the server would refuse.
  empty: () => refused('The message is empty. Write something.'),
  tooLong: (limit: number, unit: 'characters' | 'bytes') =>
    refused(`A message can have at most ${limit} ${unit}. Shorten it.`),
  whiteSpace: () => refused('The message has too much white space around it. Remove some.'),
  halfCharacter: () =>
    refused('The message contains an incomplete character (half of a surrogate pair). Remove it.'),
  controlCharacter: () =>
    refused('The message contains a control character other than tab and line break. Remove it.'),
  invisible: () => refused('The message has no visible character. Write something.'),

  /** Adds when the client tries again by itself. */
  withPause: (problem: ChatProblem, pauseMs: number) => {
    const seconds = Math.ceil(pauseMs / 1_000);
    const { code, status, cause } = problem;
    const [what = ''] = problem.detail.split(/[.;] /);
    return new ChatProblem({
      code,
      status,
      cause,
      retryable: true,
      detail: `${toSentence(what)} Trying again in ${seconds} second${seconds === 1 ? '' : 's'}.`,
      retryAfterMs: pauseMs,
    });
  },
};

const toSentence = (text: string): string => text.replace(/[.!?]?$/, '.');

/** Returns a thrown value as a problem; anything but a problem becomes `unreachable`. */
export function asProblem(error: unknown): ChatProblem {
  return error instanceof ChatProblem ? error : problems.unknown(error);
}
