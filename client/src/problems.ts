/**
 * Every problem that the client itself reports: its code, what has happened, and what to do about it. They are functions of
 * their own, whose names become short when minified.
 */
import { ChatProblem, toSentence } from './problem.ts';

const asSignedOut = (detail: string, cause?: unknown): ChatProblem =>
  new ChatProblem({ code: 'signed_out', status: 401, detail, cause });

const asUnreachable = (detail: string, cause?: unknown): ChatProblem =>
  new ChatProblem({ code: 'unreachable', detail, retryable: true, cause });

const asRefused = (detail: string): ChatProblem =>
  new ChatProblem({ code: 'invalid_request', status: 400, detail });

const asClosed = (detail: string): ChatProblem => new ChatProblem({ code: 'closed', detail });

// No answer. While the client tries again by itself, `withPause` replaces the advice.
export const unreachable = (host: string, cause?: unknown) =>
  asUnreachable(`${host} cannot be reached. Check the network connection, and try again.`, cause);
export const brokenOff = (host: string, cause: unknown) =>
  asUnreachable(`The connection to ${host} broke off in the middle of the answer. Try again.`, cause);
export const noWebSocket = (host: string) =>
  asUnreachable(
    `${host} answers, but a WebSocket to it cannot be opened. Check whether a proxy or firewall blocks WebSockets.`,
  );
export const silent = (host: string) =>
  asUnreachable(`${host} does not answer any more. Check the network connection.`);
export const slow = (host: string) =>
  asUnreachable(`${host} has not answered yet. Wait, or check the network connection.`);
export const noCode = (cause: unknown) =>
  asUnreachable(
    'A part of the code cannot be loaded. Check the network connection, or reload the page.',
    cause,
  );
export const offline = () =>
  asUnreachable('This device is offline. The client connects when the network is back.');

// Users and their sessions.
export const signInFirst = (cause?: unknown) => asSignedOut('Sign in first.', cause);
export const signedOut = () => asSignedOut('You are signed out. Sign in again to continue.');
export const foreignToken = () =>
  new ChatProblem({
    code: 'unauthorized',
    detail: 'The access token names no user of this chat. Pass a token that this chat has issued.',
  });
export const noToken = (cause: unknown) =>
  asUnreachable('The application has given no access token. Check its `getToken`, and the network.', cause);
export const signInElsewhere = () =>
  new ChatProblem({
    code: 'not_available',
    detail:
      'This client takes its tokens from the application (`getToken`). Sign in there, and call `connect`.',
  });
export const noWebSocketClass = () =>
  new ChatProblem({
    code: 'not_available',
    detail:
      'This environment has no global WebSocket. Pass a class as the option `WebSocket`, such as that of the package `ws`.',
  });

// Rooms.
export const viewClosed = () => asClosed('This view of the room was closed. Open the room again.');
export const left = () => asClosed('This room is not open any more. Open it again.');
export const roomDeleted = () => asClosed('The room was deleted. Open another room.');
export const removed = () =>
  new ChatProblem({
    code: 'removed',
    status: 403,
    detail: 'You were removed from this room. Ask its owner to add you again.',
  });
export const timedOut = () =>
  new ChatProblem({
    code: 'timed_out',
    detail: 'The server did not open the room in time. Open it again; unsent messages are kept.',
    retryable: true,
  });
export const notStored = (cause: unknown) =>
  new ChatProblem({
    code: 'not_stored',
    detail:
      'This browser stores nothing for the chat, so a reload signs you out or loses unsent messages. Free some space, or allow this site to store data.',
    cause,
  });
export const roomsNotStored = (cause: unknown) =>
  new ChatProblem({
    code: 'not_stored',
    detail:
      'This browser does not store the rooms of the chat, so they are loaded again after a reload. Free some space, or close other tabs of this page.',
    cause,
  });
/** The server ended the connection for good. */
export const connectionClosed = (status: number, reason: string) =>
  new ChatProblem({
    code: 'closed',
    status,
    detail: `${toSentence(reason)} Sign in again, or connect again later.`,
  });

// Content that the server would refuse.
export const empty = () => asRefused('The message is empty. Write something.');
export const tooLong = (limit: number, unit: 'characters' | 'bytes') =>
  asRefused(`A message can have at most ${limit} ${unit}. Shorten it.`);
export const whiteSpace = () => asRefused('The message has too much white space around it. Remove some.');
export const halfCharacter = () =>
  asRefused('The message contains an incomplete character (half of a surrogate pair). Remove it.');
export const controlCharacter = () =>
  asRefused('The message contains a control character other than tab and line break. Remove it.');
export const invisible = () => asRefused('The message has no visible character. Write something.');

// Files.
export const notUploaded = () =>
  asRefused('An attachment is not among the uploads of this room. Add its file again.');

/** Adds when the client tries again by itself. */
export const withPause = (problem: ChatProblem, pauseMs: number) => {
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
};
