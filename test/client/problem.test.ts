/** The sentences of the client's own problems. */
import { describe, expect, test } from 'vitest';
import { asProblem, hostOf, type ChatProblem } from '../../client/src/problem.ts';
import * as problems from '../../client/src/problems.ts';
import { problemOfAnswer } from '../../client/src/server-problem.ts';

const cause = new Error('fetch failed');
const host = 'chat.example';

const reported = {
  unreachable: problems.unreachable(host, cause),
  brokenOff: problems.brokenOff(host, cause),
  noWebSocket: problems.noWebSocket(host),
  silent: problems.silent(host),
  slow: problems.slow(host),
  noCode: problems.noCode(cause),
  offline: problems.offline(),
  asProblem: asProblem(cause),
  signInFirst: problems.signInFirst(),
  signedOut: problems.signedOut(),
  foreignToken: problems.foreignToken(),
  noToken: problems.noToken(cause),
  signInElsewhere: problems.signInElsewhere(),
  noWebSocketClass: problems.noWebSocketClass(),
  viewClosed: problems.viewClosed(),
  left: problems.left(),
  roomDeleted: problems.roomDeleted(),
  removed: problems.removed(),
  timedOut: problems.timedOut(),
  notStored: problems.notStored(cause),
  roomsNotStored: problems.roomsNotStored(cause),
  connectionClosed: problems.connectionClosed(4_003, 'You were banned'),
  empty: problems.empty(),
  tooLong: problems.tooLong(4_000, 'characters'),
  whiteSpace: problems.whiteSpace(),
  halfCharacter: problems.halfCharacter(),
  controlCharacter: problems.controlCharacter(),
  invisible: problems.invisible(),
  notUploaded: problems.notUploaded(),
  withPause: problems.withPause(problems.unreachable(host), 3_200),
} satisfies Record<keyof typeof problems | 'asProblem', ChatProblem>;

describe('a problem of the client', () => {
  test.each(Object.entries(reported))('%s says what has happened and what to do', (name, { detail }) => {
    const sentences = detail.split(/(?<=\.) (?=[A-Z])/);
    expect(sentences).toHaveLength(name === 'signInFirst' ? 1 : 2);
    for (const sentence of sentences) expect(sentence).toMatch(/^[A-Za-z].+\.$/);
  });

  test('says when the client tries again instead of what to do, and keeps its code and cause', () => {
    const { unreachable, withPause } = reported;
    expect(withPause.detail).toBe('chat.example cannot be reached. Trying again in 4 seconds.');
    expect(problems.withPause(unreachable, 700)).toMatchObject({
      code: 'unreachable',
      cause,
      retryable: true,
      retryAfterMs: 700,
      detail: 'chat.example cannot be reached. Trying again in 1 second.',
    });
  });

  test.each([
    [502, '<html>', 'The server answered with status 502. Try again in a moment.'],
    [404, undefined, 'The server answered with status 404. Check the address of the chat.'],
    [403, { detail: 'You are not allowed to do this.' }, 'You are not allowed to do this.'],
  ])(
    'of an answer with status %i has the server’s sentence, or one by the status',
    (status, body, detail) => {
      expect(problemOfAnswer(status, body, null).detail).toBe(detail);
    },
  );

  test.each([
    ['https://chat.example', 'chat.example'],
    ['wss://chat.example:8443/ws/chat/?batch=1', 'chat.example:8443'],
  ])('names the host of %s', (url, expected) => {
    expect(hostOf(url)).toBe(expected);
  });
});
